"""CrossEncoderLabeler: the teacher's margins. Row [P1]."""

import asyncio
import copy
import json

import pytest

from acclimate.engines.local import Local
from acclimate.errors import TableError
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.parts import labellers
from acclimate.testing.fakes import FakeScorer
from haystack_integrations.components.training.acclimate import CrossEncoderLabeler

ROWS = [
    {"question": "warm milk jar", "pos_doc": "warm milk in a jar", "neg_doc": "cold milk"},
    {"question": "cold milk", "pos_doc": "warm water", "neg_doc": "cold milk", "note": 7},
]


def test_a_margin_is_the_difference_of_two_raw_scores() -> None:
    """[P1] Shared words: 3 − 1, and 0 − 2."""
    labels = CrossEncoderLabeler(FakeScorer()).run(ROWS)["gpl_labels"]
    assert [(r["score"], r["pos_score"], r["neg_score"]) for r in labels] == [
        (2.0, 3.0, 1.0),
        (-2.0, 0.0, 2.0),
    ]


def test_rows_keep_what_they_hold_and_are_json() -> None:
    labels = CrossEncoderLabeler(FakeScorer()).run(ROWS)["gpl_labels"]
    assert labels[1]["note"] == 7
    assert json.loads(json.dumps(labels)) == labels
    assert labels[0]["neg_doc_id"] == labels[1]["neg_doc_id"]  # one text, one id


def test_the_statistics_tell_how_many_negatives_the_teacher_finds_better() -> None:
    stats = CrossEncoderLabeler(FakeScorer()).run(ROWS)["stats"]
    assert stats == {"labels": 2, "mean margin": 0.0, "spread": 2.0, "share below zero": 0.5}
    assert CrossEncoderLabeler(FakeScorer()).run([]) == {"gpl_labels": [], "stats": {"labels": 0}}


def test_each_distinct_pair_is_scored_once() -> None:
    labeler = CrossEncoderLabeler(FakeScorer())
    labeler.run([ROWS[0], {**ROWS[0], "neg_doc": "another jar"}])
    assert isinstance(labeler._engine, Local)
    assert labeler._engine.usage["score"]["computed"] == 3


def test_one_question_of_two_documents_has_margins_of_its_own() -> None:
    rows = [ROWS[0], {**ROWS[0], "pos_doc": "a jar"}]
    labels = CrossEncoderLabeler(FakeScorer()).run(rows)["gpl_labels"]
    assert [r["score"] for r in labels] == [2.0, 0.0]
    assert labels[0]["query_id"] != labels[1]["query_id"]


def test_a_labeller_part_is_a_teacher_too() -> None:
    part = labellers.Score(teacher=FakeScorer(weight=2.0, bias=1.0))
    labels = CrossEncoderLabeler(part).run(ROWS)["gpl_labels"]
    assert [(r["score"], r["pos_score"]) for r in labels] == [(4.0, 7.0), (-4.0, 1.0)]


def test_a_row_without_a_negative_is_named() -> None:
    with pytest.raises(TableError, match="Negative 0 needs a text under 'neg_doc'"):
        CrossEncoderLabeler(FakeScorer()).run([{"question": "a", "pos_doc": "b"}])


def test_an_id_of_two_texts_is_refused() -> None:
    rows = [{**ROWS[0], "pos_doc_id": "x", "neg_doc_id": "x"}]
    with pytest.raises(TableError, match="'x' is already there with another text"):
        CrossEncoderLabeler(FakeScorer()).run(rows)


def test_run_and_run_async_are_alike_and_change_nothing_that_comes_in() -> None:
    rows = copy.deepcopy(ROWS)
    found = CrossEncoderLabeler(FakeScorer()).run(rows)
    assert asyncio.run(CrossEncoderLabeler(FakeScorer()).run_async(rows)) == found
    assert rows == ROWS


@pytest.mark.integration
def test_scores_are_the_models_raw_outputs(models: dict[str, str]) -> None:
    import torch

    (label,) = CrossEncoderLabeler(models["teacher"]).run(ROWS[:1])["gpl_labels"]
    model = CrossEncoder(models["teacher"]).load()
    pairs = [(ROWS[0]["question"], ROWS[0][key]) for key in ("pos_doc", "neg_doc")]
    scores = model.predict(pairs, activation_fn=torch.nn.Identity())
    assert label["score"] == pytest.approx(float(scores[0] - scores[1]), abs=1e-5)
