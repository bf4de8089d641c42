"""retro from end to end: neighbours of other documents, and how much of them was copied. [050]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, generators, labellers, miners
from acclimate.parts.evaluators import Leakage
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.retro import retro
from acclimate.tables import Candidates, Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((retro().steps, retro().judge))) == []


def test_ten_neighbours_with_what_follows_them_are_read_for_the_next_piece() -> None:
    steps = retro().steps
    assert steps[0] == generators.NextChunk(queries=6_000)
    assert miners.ChunkNeighbours(miner=miners.WithStudent(depth=40), count=10) in steps
    assert labellers.ReaderLikelihood(target="source", gain=True) in steps
    assert filters.WithoutSource() in steps


@pytest.fixture(scope="module")
def run(models, passages: Corpus, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("retro") / "run"
    recipe = replace(retro(queries=24, held_out=4, neighbours=4, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=out)
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    return outcome.run


def test_no_neighbour_is_of_the_querys_own_document(run: Path, passages: Corpus) -> None:
    """[050]: no neighbour shares the query chunk's document id."""
    queries = Queries.open(run / "tables" / "queries.arrow")
    found = Candidates.open(run / "tables" / "candidates.arrow")
    parent = dict(zip(passages["doc_id"], passages["parent_id"], strict=True))
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    assert set(found["miner"]) == {"neighbour", "continuation"}
    for query, document in zip(found["query_id"], found["doc_id"], strict=True):
        assert parent[document] != parent[source[query]]


def test_every_neighbour_is_read_for_the_next_piece(run: Path) -> None:
    found = Candidates.open(run / "tables" / "candidates.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    assert len(labels) == len(found) > 0
    assert np.unique(labels.array("value")).size > 1


def test_the_leak_of_held_out_queries_is_reported(run: Path, passages: Corpus) -> None:
    """[050] [063]: pieces ask with their own words, and the report says that they stand there."""
    queries = Queries.open(run / "tables" / "queries.arrow")
    held = queries.of_split("heldout")
    ctx = acclimate.Context()
    scores = Leakage()(passages, queries, ctx)
    shares = scores.where("system", ["documents"]).where("measure", ["copied share"])
    assert shares["value"] == [1.0] * len(held) == [1.0] * 4
    assert ctx.notes["copied"]["documents"] == held["query_id"]
    assert "training queries" not in ctx.notes["copied"]
