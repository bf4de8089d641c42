"""The Mann-Whitney loss from end to end: sources against everything else of a batch. [042]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.mw_loss import mw_loss
from acclimate.tables import Candidates, Labels
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_judge_it_names_no_model() -> None:
    assert list(refs_of((mw_loss().steps, mw_loss().judge))) == []


def test_the_settings_are_the_papers() -> None:
    fit = mw_loss().steps[-1].loop
    assert fit.loss == losses.MannWhitney(temperature=0.01, reduction="sum")
    assert fit.loss.in_batch
    assert (fit.candidates, fit.batch, fit.learning_rate) == (1 + 5, 64, 3e-5)


def test_it_learns_to_put_sources_above_what_the_student_found(models, tmp_path: Path) -> None:
    recipe = mw_loss(queries=24, held_out=6, depth=4, hard=3, steps=3, batch=8)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    candidates = Candidates.open(outcome.run / "tables" / "candidates.arrow")
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    assert labels["value"] == [float(s) for s in candidates["is_source"]]
    assert set(labels["value"]) == {0.0, 1.0}
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
