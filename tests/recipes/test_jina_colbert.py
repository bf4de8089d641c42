"""Jina-ColBERT's three stages from end to end, with a vector per token. [036]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders import MultiVector
from acclimate.parts import losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.jina_colbert import jina_colbert
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8, "dimensions": 16}


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    recipe = jina_colbert()
    assert list(refs_of((recipe.steps, recipe.judge))) == []


def test_the_stages_are_pairs_triplets_and_a_teachers_lists() -> None:
    recipe = jina_colbert()
    assert recipe.steps[0] == students.LateInteraction(dimensions=128)
    *read, lists = (stage[-1] for stage in recipe.steps[-1].stages)
    fits = [*(reads.loop for reads in read), lists]
    assert [fit.candidates for fit in fits] == [1, 2, 8]
    kinds = [losses.InfoNCE, losses.PairwiseCE, losses.KLDivergence]
    assert [type(fit.loss) for fit in fits] == kinds


def test_it_runs_and_gives_a_model_of_sentence_transformers(models, tmp_path: Path) -> None:
    from sentence_transformers import MultiVectorEncoder

    recipe = replace(jina_colbert(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert isinstance(outcome.encoder, MultiVector)
    plain = MultiVectorEncoder(str(outcome.model), device="cpu")
    assert plain.encode_query(["why does the chain squeak"])[0].shape[1] == 16
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    assert [s["name"] for s in steps].count("Fit") == 3
    assert "MultiVectorEncoder(" in (outcome.model / "README.md").read_text("utf-8")
