"""rpt from end to end: pieces that make the next one likelier. [066]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import generators, labellers, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.rpt import rpt
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((rpt().steps, rpt().judge))) == []


def test_a_reader_says_what_twenty_pieces_gain_for_the_next() -> None:
    steps = rpt().steps
    assert steps[0] == generators.NextChunk(queries=6_000)
    assert miners.BM25(depth=20) in steps
    assert labellers.ReaderLikelihood(target="source", gain=True) in steps
    assert steps[-1].loss == losses.LambdaRankHinge(margin=0.1)


def test_pieces_learn_from_those_that_help(models, passages: Corpus, tmp_path: Path) -> None:
    recipe = replace(rpt(queries=24, held_out=4, depth=8, steps=3, batch=6), judge=None)
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    for query, source in sources.items():
        own = labels.where("query_id", [query])
        assert source not in own["doc_id"]
        assert np.max(own.array("value")) > 0  # some piece helps
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
