"""cross_fit from end to end: weak pairs, cleaned by each other. [064]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, generators
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.cross_fit import cross_fit
from acclimate.tables import Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_it_names_no_model() -> None:
    assert list(refs_of((cross_fit().steps, cross_fit().judge))) == []


def test_pairs_are_cleaned_before_any_is_held_out() -> None:
    steps = cross_fit().steps
    kinds = [type(step) for step in steps]
    assert kinds.index(filters.CrossFitNoise) < kinds.index(filters.HoldOut)
    assert filters.CrossFitNoise(folds=5, threshold=0.3) in steps


def test_peoples_pairs_are_a_source_like_the_others() -> None:
    mixed = cross_fit(pairs=toys.ANSWERS.path).steps[0]
    assert mixed.members[-1] == generators.AnswerPairs(log=toys.ANSWERS)


def test_what_is_not_expected_does_not_train(models, tmp_path: Path) -> None:
    """[064]: every pair is judged once, and those below the threshold are gone."""
    recipe = cross_fit(queries=30, held_out=3, threshold=0.5, steps=2, batch=4)
    outcome = acclimate.adapt(
        replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
    )
    told = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    notes = {step["name"]: step["notes"] for step in told}
    dropped = sum(sum(notes[name]["dropped"].values()) for name in
                  ("ExactDuplicates", "CrossFitNoise", "HoldOut"))  # fmt: skip
    taken = sum(note["taken"] for note in notes["Mixed"]["generators"])
    assert len(Queries.open(outcome.run / "tables" / "queries.arrow")) == taken - dropped
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
