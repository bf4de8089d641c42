"""soup from end to end: one student, several learning rates, a mean of weights."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.soup import soup
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((soup().steps, soup().judge))) == []


def test_a_scorers_logits_are_divided_by_1_and_cosines_by_a_twentieth(models) -> None:
    def loss(recipe: acclimate.Recipe) -> losses.KLDivergence:
        return recipe.steps[-1].loops[0].loss

    assert loss(soup()).teacher_temperature == 0.05
    assert loss(soup(teacher=models.scorer)).teacher_temperature == 1.0


def test_a_batch_is_a_topic() -> None:
    recipe = soup(batch=12)
    assert filters.Topics(size=12) in recipe.steps
    assert {fit.batch for fit in recipe.steps[-1].loops} == {12}


def test_the_mean_is_of_trainings_at_several_rates(models, tmp_path: Path) -> None:
    rates = (1e-4, 1e-3)
    recipe = soup(queries=24, held_out=6, depth=4, steps=3, batch=8, rates=rates)
    assert tuple(fit.learning_rate for fit in recipe.steps[-1].loops) == rates
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    merged = next(step for step in steps if step["name"] == "MergeWeights")["notes"]["merged"]
    assert len(merged["agreement"]) == 2
    assert set(merged["taken"]) <= {1, 2}
    assert merged["agreement"][merged["taken"][0] - 1] == max(merged["agreement"])
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
