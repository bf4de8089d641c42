"""ANCE from end to end: every round is mined with the student of the one before."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.ance import ance
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((ance().steps, ance().judge))) == []


def test_one_document_is_drawn_from_the_students_first_two_hundred() -> None:
    find, _, reads = ance().steps[-1].steps
    fit = reads.loop
    assert find == miners.WithStudent(depth=200)
    assert fit.candidates == 2
    assert fit.loss == losses.InfoNCE(temperature=0.05, in_batch=True)


def test_each_round_mines_and_trains_anew(models, tmp_path: Path) -> None:
    recipe = ance(queries=24, held_out=6, depth=4, steps=3, batch=8, rounds=2)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    for name in ("WithStudent", "Fit"):
        assert len({step["key"] for step in steps if step["name"] == name}) == 2
    assert outcome.student.start == models.encoder
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
