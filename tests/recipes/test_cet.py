"""CET from end to end: a reranker and a model of what gets judged learn together. [034]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders.dense import Dense
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import loops, losses, miners
from acclimate.recipes.cet import cet
from acclimate.tables import Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 4}


def test_both_are_corrected_and_the_one_that_selects_is_the_one_that_searches(models) -> None:
    recipe = cet(selection=models.encoder)
    coupled = recipe.steps[-1].loop
    assert isinstance(coupled, loops.CoupledEstimation)
    corrected = losses.PropensityWeighted(temperature=1.0, others="by posterior")
    assert coupled.loop.loss == coupled.selection.loss == corrected
    (mixture,) = [step for step in recipe.steps if isinstance(step, miners.Mixture)]
    assert coupled.base == mixture.members[1].encoder == models.encoder


def test_it_gives_a_reranker_and_keeps_the_selection_model_beside_it(
    models, tmp_path: Path
) -> None:
    recipe = replace(cet(selection=models.encoder, **SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.scorer, out=tmp_path / "run")
    assert isinstance(outcome.encoder, CrossEncoder)
    assert outcome.encoder.fingerprint() != models.scorer.fingerprint()
    assert isinstance(outcome.student.beside, Dense)
    assert outcome.student.beside.fingerprint() != models.encoder.fingerprint()
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    assert sum(labels["value"]) == len(queries)  # one is judged for each
