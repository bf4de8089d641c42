"""re3dial from end to end: beginnings, rests, and negatives that are used evenly. [029]"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, generators, losses, miners
from acclimate.parts._words import words
from acclimate.parts.filters.copied_text import longest_run
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.re3dial import re3dial
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {**row, "text": f"{row['text']} So much for {row['title'].lower()}, said she, and went home."}
    for row in toys.CORPUS.dicts()
)  # fmt: skip


def test_it_names_no_model() -> None:
    assert list(refs_of((re3dial().steps, re3dial().judge))) == []


def test_ten_words_may_be_shared_and_use_is_diverse() -> None:
    steps = re3dial().steps
    assert steps[0] == generators.AdjacentSpans(queries=6_000)
    (drawn,) = (step for step in steps if isinstance(step, miners.UsageDiversity))
    assert drawn.count == 2
    assert drawn.miner == miners.Filtered(
        miner=miners.WithStudent(depth=20), filters=(filters.SubstringOverlap(at_most_words=10),)
    )
    assert steps[-1].loop.loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_a_beginning_learns_from_documents_that_do_not_repeat_it(models, tmp_path: Path) -> None:
    """[029]: no candidate but the source repeats the query; the source is read without it."""
    recipe = re3dial(queries=12, held_out=3, depth=6, overlap=4, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    found = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    texts = dict(zip(queries["query_id"], queries["text"], strict=True))
    contents = dict(zip(CORPUS["doc_id"], CORPUS.contents, strict=True))
    assert set(queries["kind"]) == {"adjacent_cloze"}
    others = found.where("is_source", [False])
    assert set(Counter(others["query_id"]).values()) == {2}  # the filter comes before the draw
    for query, document in zip(others["query_id"], others["doc_id"], strict=True):
        assert longest_run(words(texts[query]), words(contents[document])) <= 4
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = {step["name"]: step["notes"] for step in told}
    assert notes["Cloze"]["documents read otherwise"] == len(queries.of_split("train"))
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
