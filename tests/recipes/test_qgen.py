"""QGen from end to end, with tiny models."""

from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.recipes.qgen import qgen
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_the_settings_are_those_of_gpls_baseline() -> None:
    fit = qgen().steps[-1]
    assert fit.batch == 75
    assert fit.loss == losses.InfoNCE(temperature=1 / 20, in_batch=True)


def test_it_runs(models, tmp_path: Path) -> None:
    recipe = qgen(
        writer=models.writer, judge=models.scorer, queries=24, steps=3, batch=8, held_out=4
    )
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert outcome.report.is_file()
    assert outcome.encoder.load() is not None
