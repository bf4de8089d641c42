"""What could stop a run is found before anything expensive."""

from __future__ import annotations

import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from acclimate.errors import ModelError, RecipeError, StoreError
from acclimate.models.encoders.dense import Dense
from acclimate.models.remote import Judge, Remote
from acclimate.models.student import Student
from acclimate.parts import filters, generators, labellers, miners
from acclimate.pipeline.checks import (
    check_disk,
    check_judge,
    check_models,
    check_recipe,
    own_judge,
    refs_of,
)
from acclimate.pipeline.finding import find_maker
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import toys


def test_every_model_of_a_recipe_is_found_once_however_deep() -> None:
    recipe = find_maker("gpl")()
    names = [ref.model for ref in refs_of((recipe.steps, recipe.judge))]
    assert len(names) == len(set(names)) == 4


def test_models_that_are_not_there_are_named_together() -> None:
    recipe = Recipe("mine", (generators.SalientTerms(), miners.DenseSearch(encoder=Dense("no/a"))))
    with pytest.raises(ModelError, match=r"(?s)no/b.*no/a"):
        check_models(recipe, Student(encoder=Dense("no/b")))


WRITER = Remote(model="m", url="http://127.0.0.1:1/v1")
SAME = labellers.Score(teacher=Judge(writer=replace(WRITER, temperature=0.0)))


@pytest.mark.parametrize(
    "steps",
    [
        (generators.FewShot(writer=WRITER),),
        (generators.Mixed((generators.FewShot(writer=WRITER),)),),
        (generators.Titles(), filters.JudgeFilter(writer=WRITER)),
    ],
    ids=["writes", "writes inside another", "chooses"],
)
def test_a_judge_with_a_hand_in_the_queries_must_be_allowed(steps) -> None:
    recipe = Recipe("mine", steps, judge=SAME)
    with pytest.raises(RecipeError, match=r"mine: m at .* writes or chooses"):
        check_judge(recipe, own=False)
    check_judge(recipe, own=True)


@pytest.mark.parametrize(
    "judge",
    [None, labellers.Fusion(), labellers.Graded(writer=replace(WRITER, model="n")),
     labellers.Graded(writer=replace(WRITER, url="http://127.0.0.1:2/v1"))],
    ids=["none", "no language model", "another model", "another place"],
)  # fmt: skip
def test_another_judge_needs_no_permission(judge) -> None:
    recipe = Recipe("mine", (generators.FewShot(writer=WRITER),), judge=judge)
    check_judge(recipe, own=False)
    assert own_judge(recipe) == ""


def test_a_recipe_that_needs_people_says_so() -> None:
    recipe = Recipe("mine", (miners.BM25(),), brings=(Corpus, Student, Queries))
    with pytest.raises(RecipeError, match="--queries"):
        check_recipe(recipe, None)
    check_recipe(recipe, toys.QUERIES)


def test_a_recipe_that_needs_what_nobody_can_bring_is_refused() -> None:
    recipe = Recipe("mine", (filters.SameParent(),), brings=(Corpus, Queries, Candidates))
    with pytest.raises(RecipeError, match="cannot be given"):
        check_recipe(recipe, toys.QUERIES)


def test_a_full_disk_is_seen_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}")
    student = Student(encoder=Dense(str(tmp_path)))
    check_disk(tmp_path / "run", toys.CORPUS, student)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**30, 2**30, 2**20))
    with pytest.raises(StoreError, match=r"has 0.0 GiB free; this run may need 0.2 GiB"):
        check_disk(tmp_path / "run", toys.CORPUS, student)
