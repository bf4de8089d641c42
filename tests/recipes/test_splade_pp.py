"""SPLADE++ from end to end: a sparse student, taught on what it finds itself. [057]"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.encoders import Sparse
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import losses, students
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.splade_pp import splade_pp
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"queries": 24, "held_out": 6, "depth": 4, "steps": 3, "batch": 8}


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    recipe = splade_pp()
    assert list(refs_of((recipe.steps, recipe.judge))) == []


def test_with_a_teacher_margins_and_weights_are_the_papers() -> None:
    recipe = splade_pp(teacher=CrossEncoder(), steps=150_000)
    shape, rounds = recipe.steps[0], recipe.steps[-1]
    assert isinstance(shape, students.Sparse)
    assert shape.penalty == losses.Flops()
    assert (shape.query_weight, shape.document_weight) == (
        losses.QuadraticWarmup(weight=0.5, steps=50_000),
        losses.QuadraticWarmup(weight=0.4, steps=50_000),
    )
    fit = rounds.steps[-1]
    assert (fit.loss, fit.learning_rate, fit.warmup) == (losses.MarginMSE(), 2e-5, 6_000)


def test_the_second_round_searches_with_the_sparse_student_of_the_first(
    models, tmp_path: Path
) -> None:
    from sentence_transformers import SparseEncoder

    recipe = replace(splade_pp(**SMALL), judge=None)
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    assert isinstance(outcome.encoder, Sparse)
    SparseEncoder(str(outcome.model), device="cpu").encode_query(["why does the chain squeak"])
    steps = json.loads((outcome.run / "report.json").read_text("utf-8"))["steps"]
    mined = [s for s in steps if s["name"] == "Union"]
    assert len({s["key"] for s in mined}) == 2
    assert "encode_terms" in mined[1]["usage"]
    assert "SparseEncoder(" in (outcome.model / "README.md").read_text("utf-8")
