"""spider from end to end: passages of one document, told from each other by a phrase. [074]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import generators, losses, miners
from acclimate.parts._words import words
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.spider import spider
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((spider().steps, spider().judge))) == []


def test_the_phrases_are_the_papers_and_one_passage_of_the_document_is_the_negative() -> None:
    spans = spider().steps[0]
    assert spans == generators.RecurringSpans(
        at_least_words=2, at_most_words=10, shortest_window=5, longest_window=30, keep_rate=0.5,
        queries=6_000,
    )  # fmt: skip
    assert miners.SameDocument(count=4) in spider().steps
    fit = spider().steps[-1]
    assert fit.candidates == 2
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_the_positive_has_the_phrase_and_the_negative_has_not(
    models, passages: Corpus, tmp_path: Path
) -> None:
    """[074]: the positive contains the span, the negative does not."""
    recipe = replace(spider(queries=24, held_out=4, keep_rate=1.0, steps=3, batch=6), judge=None)
    outcome = acclimate.adapt(recipe, passages, models.encoder, out=tmp_path / "run")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    texts = dict(zip(passages["doc_id"], passages["text"], strict=True))
    phrases = {json.loads(phrase) for phrase in passages["meta"]}
    asked = dict(zip(queries["query_id"], queries["text"], strict=True))
    negatives = 0
    for row in labels.dicts():
        phrase = next(p for p in phrases if p in asked[row["query_id"]])
        assert (phrase in texts[row["doc_id"]]) == (row["value"] > 0)
        negatives += row["value"] == 0
    assert negatives > 5
    assert all(len(words(text)) >= 5 for text in queries["text"])
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
