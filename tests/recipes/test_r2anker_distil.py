"""R2anker distilled, end to end: the corpus trains a ranker, which trains a student. [087]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import loops, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.r2anker_distil import r2anker_distil
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 2}


def test_without_anything_given_it_names_no_model() -> None:
    assert list(refs_of((r2anker_distil().steps, r2anker_distil().judge))) == []


def test_the_ranker_learns_the_source_and_the_student_the_ranker(models) -> None:
    recipe = r2anker_distil(retrievers=(models.encoder,), ranker=models.scorer)
    taught = recipe.steps[-1].loop
    assert isinstance(taught, loops.TeacherThenDistil)
    assert taught.teaching.loss == losses.ListSoftmaxCE()
    assert taught.loop.loss == losses.KLDivergence(student_temperature=0.05)
    assert taught.base == models.scorer
    (mixture,) = [step for step in recipe.steps if isinstance(step, miners.Mixture)]
    assert [type(member) for member in mixture.members] == [
        miners.BM25, miners.WithStudent, miners.DenseSearch,
    ]  # fmt: skip


def test_a_ranker_made_of_the_base_model_teaches_it(models, tmp_path: Path) -> None:
    recipe = replace(r2anker_distil(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
    assert isinstance(outcome.student.beside, CrossEncoder)
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    (taught,) = [s for s in steps if s["name"] == "TeacherThenDistil"]
    told = taught["notes"]["labels"]
    assert told["of the teacher"] == told["that taught the teacher"]
