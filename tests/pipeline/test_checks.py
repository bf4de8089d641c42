"""What could stop a run is found before anything expensive."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from acclimate.errors import ModelError, RecipeError, StoreError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts import filters, generators, miners
from acclimate.pipeline.checks import check_disk, check_models, check_recipe, refs_of
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
