"""Recipes explain themselves from their docstrings."""

from __future__ import annotations

import ast

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.parts import miners
from acclimate.pipeline.explain import arguments, brief, explained, sections, summaries
from acclimate.pipeline.finding import recipe_names


def example(*, one: int = 1, two: int = 2) -> None:
    """Does a thing
    over two lines.

    More.

    Paper:   Somebody, A Title,
             2020.
    Cost:    little.

    Args:
        one: the first,
            on two lines.
        two: the second.
    """


def test_fields_of_a_docstring_are_read() -> None:
    told = sections(example)
    assert told["summary"] == "Does a thing over two lines."
    assert told["paper"] == "Somebody, A Title, 2020."
    assert told["cost"] == "little."
    assert told["code"] == ""
    assert arguments(told["args"]) == {"one": "the first, on two lines.", "two": "the second."}


def test_every_recipe_has_a_sentence() -> None:
    rows = summaries()
    assert [r["name"] for r in rows] == recipe_names()
    assert all(r["summary"].endswith(".") for r in rows)


@pytest.mark.parametrize("name", recipe_names())
def test_a_recipe_tells_its_steps_settings_and_cost(name: str) -> None:
    told = explained(name)
    assert told["name"] == name
    assert told["paper"]
    assert told["cost"]
    assert all(s["gives"] and s["step"] for s in told["steps"])
    assert all(s["meaning"] for s in told["settings"])


def test_gpl_names_its_paper() -> None:
    assert "2112.07577" in explained("gpl")["paper"]


def test_a_part_is_told_by_what_is_not_its_default() -> None:
    part = miners.Union((miners.BM25(depth=7), miners.RandomDocuments()))
    assert brief(part) == "Union((BM25(depth=7), RandomDocuments()))"
    assert brief(Dense("a/b", max_length=64)) == "Dense('a/b', 64)"


@pytest.mark.parametrize("name", ["default", "tas_b", "maker"])
def test_a_long_part_is_written_on_several_lines_that_mean_the_same(name: str) -> None:
    for one, many in zip(explained(name)["steps"], explained(name, width=40)["steps"], strict=True):
        lines = many["step"].splitlines()
        assert all(len(line) <= 40 or line.endswith(("(", ",")) for line in lines)
        assert ast.dump(ast.parse(many["step"])) == ast.dump(ast.parse(one["step"]))


def test_a_recipe_that_picks_its_parts_tells_its_rules() -> None:
    rules = explained("autopilot")["rules"]
    assert {"code", "large", "log"} <= {rule["name"] for rule in rules}
    assert all(rule["looks_at"] and rule["picks"] and rule["why"] for rule in rules)
    assert explained("default")["rules"] == []
