"""Recipes by name, and in files of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.pipeline.finding import find_maker, make, recipe_names, settings_of

OWN = '''
from acclimate import Recipe
from acclimate.parts import generators

def mine(*, queries: int = 5) -> Recipe:
    """Mine."""
    return Recipe("mine", (generators.SalientTerms(queries=queries),))

def other() -> int:
    return 3
'''


def test_recipes_are_found_by_name() -> None:
    assert {"default", "gpl", "qgen"} <= set(recipe_names())
    assert find_maker("gpl")().name == "gpl"


def test_an_unknown_recipe_names_the_closest() -> None:
    with pytest.raises(RecipeError, match="Did you mean 'default'"):
        find_maker("defualt")


def test_a_recipe_of_ones_own_is_found_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN)
    maker = find_maker(f"{tmp_path / 'own.py'}:mine")
    assert list(settings_of(maker)) == ["queries"]
    assert make(maker, {"queries": 7}).steps[0].queries == 7  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.py:mine", "There is no file"),
        ("own.py:mien", "Did you mean 'mine'"),
        ("broken.py:mine", "cannot be imported"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "broken.py").write_text("import nothing_of_this_name")
    with pytest.raises(RecipeError, match=message):
        find_maker(str(tmp_path / name))


def test_a_function_that_returns_no_recipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN)
    with pytest.raises(RecipeError, match="returned int, not a Recipe"):
        make(find_maker(f"{tmp_path / 'own.py'}:other"), {})


def test_an_unknown_setting_names_the_closest() -> None:
    with pytest.raises(RecipeError, match="Did you mean 'steps'"):
        make(find_maker("gpl"), {"step": 5})
