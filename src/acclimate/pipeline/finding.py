"""Finding: a recipe's function by its name, or in a file of one's own."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from acclimate.errors import RecipeError, near_miss
from acclimate.recipes.recipe import Recipe, Seen

Maker: TypeAlias = Callable[..., Recipe]
"""A function of keyword arguments that returns a recipe."""


def recipe_names() -> list[str]:
    """Every recipe that comes with acclimate, sorted."""
    from acclimate import recipes

    return sorted(
        m.name
        for m in pkgutil.iter_modules(recipes.__path__)
        if m.name != "recipe" and m.name[0] != "_"
    )


def find_maker(name: str) -> Maker:
    """The function of a recipe: "gpl", or "path/to/file.py:function".

    Raises:
        RecipeError: when there is none of that name; the message suggests the closest.
    """
    path, colon, function = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _from_file(Path(path), function)
    if name not in recipe_names():
        raise RecipeError(
            f"There is no recipe {name!r}.{near_miss(name, recipe_names())} "
            "One of your own: my_recipe.py:my_function."
        )
    made: Maker = getattr(importlib.import_module(f"acclimate.recipes.{name}"), name)
    return made


def make(maker: Maker, settings: Mapping[str, object]) -> Recipe:
    """The recipe with these settings.

    Raises:
        RecipeError: when a setting is unknown; the message suggests the closest.
    """
    known = settings_of(maker)
    name = getattr(maker, "__name__", "recipe")
    for setting in settings:
        if setting not in known:
            raise RecipeError(f"{name} has no setting {setting!r}.{near_miss(setting, known)}")
    recipe = maker(**settings)
    if not isinstance(recipe, Recipe):
        raise RecipeError(f"{name} returned {type(recipe).__name__}, not a Recipe.")
    return recipe


def settings_of(maker: Maker) -> dict[str, inspect.Parameter]:
    """The keyword arguments of a recipe's function by name, apart from what a run sees."""
    seen = looking(maker)
    return {n: p for n, p in _parameters(maker).items() if n != seen}


def looking(maker: Maker) -> str | None:
    """The setting that a run fills with what it sees; None where a recipe does not want to know."""
    found = (n for n, p in _parameters(maker).items() if isinstance(p.default, Seen))
    return next(found, None)


def _parameters(maker: Maker) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(maker).parameters
    return {n: p for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD}


def _from_file(path: Path, function: str) -> Maker:
    if not path.is_file():
        raise RecipeError(f"There is no file {path}.")
    spec = importlib.util.spec_from_file_location(f"acclimate_recipe_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise RecipeError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError) as error:
        raise RecipeError(f"{path} cannot be imported: {error}") from error
    found = getattr(module, function, None)
    if not callable(found):
        names = [n for n, v in vars(module).items() if inspect.isfunction(v)]
        raise RecipeError(f"{path} has no function {function!r}.{near_miss(function, names)}")
    made: Maker = found
    return made
