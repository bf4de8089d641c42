"""Every recipe is one function in the file of its name, and a value."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable

import pytest

from acclimate import recipes
from acclimate.pipeline.saved import from_json, to_json
from acclimate.recipes.recipe import Recipe, Seen
from acclimate.testing import laws

MODULES = {m.name for m in pkgutil.iter_modules(recipes.__path__)} - {"recipe"}
NAMES = sorted(name for name in MODULES if not name.startswith("_"))


def recipe(name: str) -> Callable[..., Recipe]:
    function = getattr(importlib.import_module(f"acclimate.recipes.{name}"), name)
    assert inspect.isfunction(function)
    return function


each_recipe = pytest.mark.parametrize("name", NAMES)


def test_the_recipes_of_the_first_day_are_there() -> None:
    assert {"default", "gpl", "qgen"} <= set(NAMES)


@each_recipe
def test_a_recipe_obeys_the_laws(name: str) -> None:
    laws.check_recipe(recipe(name))


@each_recipe
def test_a_recipe_has_eight_settings_at_most_beside_what_a_run_sees(name: str) -> None:
    settings = inspect.signature(recipe(name)).parameters.values()
    assert len([s for s in settings if not isinstance(s.default, Seen)]) <= 8


@each_recipe
def test_a_recipe_is_named_after_its_function(name: str) -> None:
    assert recipe(name)().name == name


@each_recipe
def test_a_saved_recipe_reads_back_equal(name: str) -> None:
    assert from_json(to_json(recipe(name)())) == recipe(name)()
