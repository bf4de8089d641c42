"""lail from end to end: programs that make a program likely. [045]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.indexes.words import split
from acclimate.parts import labellers, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.lail import lail
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration

VERBS, THINGS = ("sort", "sum", "filter", "reverse"), ("numbers", "words", "dates")
CORPUS = Corpus.of(
    {
        "doc_id": f"{verb}-{thing}",
        "title": f"{verb} a list of {thing}",
        "text": f"f(x): return {verb}(x, {thing[0]})",
    }
    for verb in VERBS
    for thing in THINGS
)
"""Short ones: the tiny student reads letters."""


def test_it_names_no_model() -> None:
    assert list(refs_of((lail().steps, lail().judge))) == []


def test_programs_are_found_by_the_requirement() -> None:
    assert miners.BM25(depth=50) in lail().steps
    assert labellers.ReaderLikelihood(target="output") in lail().steps


def test_the_program_with_the_most_words_of_the_right_one_is_relevant(
    models, tmp_path: Path
) -> None:
    """A counting reader: of programs of equal length, those of the same verb."""
    recipe = replace(lail(queries=12, held_out=2, steps=2, batch=4), judge=None)
    outcome = acclimate.adapt(recipe, CORPUS, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    verb = dict(
        zip(queries["query_id"], (s.split("-")[0] for s in queries["source_doc_id"]), strict=True)
    )
    assert len({len(split(text)) for text in CORPUS.contents}) == 1
    labels = Labels.open(outcome.run / "tables" / "labels.arrow").dicts()
    for row in labels:
        if row["doc_id"].split("-")[0] == verb[row["query_id"]]:
            assert row["value"] == 1
    assert {row["value"] for row in labels} == {0.0, 1.0}
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
