"""Noisy self-training from end to end: each student is the teacher of the next. [068]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.noisy_self_training import noisy_self_training
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    recipe = noisy_self_training()
    assert list(refs_of((recipe.steps, recipe.judge))) == []


def test_each_round_starts_anew_and_weighs_the_teacher_as_the_release_does() -> None:
    loop = noisy_self_training().steps[-1]
    assert (loop.restart, loop.noise, loop.share) == (True, "sequential", 0.1)
    contrast, distil = loop.loop.loss.terms
    assert isinstance(contrast, losses.ListSoftmaxCE)
    assert contrast.in_batch
    assert isinstance(distil, losses.KLDivergence)
    assert loop.loop.loss.weights == (1.0, 0.1)
    assert loop.loop.loss.own == loop.loop.candidates == 8


def test_the_teacher_of_a_round_is_the_student_of_the_one_before(models, tmp_path: Path) -> None:
    recipe = noisy_self_training(queries=24, held_out=6, depth=4, steps=3, batch=8)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    order = [s["name"] for s in steps if s["name"] in {"Fit", "Staged", "SelfTraining"}]
    assert order == ["Fit", "Staged", "Fit", "Fit", "SelfTraining"]
    told = next(s for s in steps if s["name"] == "SelfTraining")["notes"]["rounds"]
    assert len(told) == 2
    assert all(0 < r["queries with noise"] <= 24 and r["labels"] > 24 for r in told)
    assert outcome.student.start == models.encoder
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
