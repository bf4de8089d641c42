"""Plan: how large a recipe may be so that it ends in time, from a pilot on this machine."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.pipeline.costs import foresee
from acclimate.pipeline.finding import Maker, find_maker, make, settings_of
from acclimate.pipeline.fingerprint import describe, key_of
from acclimate.pipeline.flow import Expected, Flow, Rates
from acclimate.pipeline.store import write_json
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus

FLOORS: Mapping[str, int] = {"queries": 400, "steps": 40, "held_out": 200}
"""Settings that a budget may size, and how small they may become."""
HALVINGS = 20
ROOM = 0.9
"""Share of the budget that is planned: rates vary, and something is always forgotten."""
BEYOND = 3.0
"""Times the budget at which the smallest sizes are refused: under it the pilot may be wrong."""
GRACE = 300.0
"""Seconds over the budget that nobody minds, however small it is."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A recipe and what it is expected to do.

    Args:
        recipe: with its sizes settled.
        told: the plan as JSON values.
    """

    recipe: Recipe
    told: dict[str, Any]


def maker_of(given: str | Callable[..., Recipe]) -> Maker:
    """The function that makes a recipe."""
    return find_maker(given) if isinstance(given, str) else given


def settle(
    given: Recipe | str | Callable[..., Recipe],
    flow: Flow,
    *,
    minutes: float | None,
    measure: Callable[[Recipe], Rates],
) -> Planned:
    """The recipe with sizes that fit the budget.

    Args:
        given: a recipe, its name, or its function. Only the last two can be sized.
        flow: how many documents there are and how long they are.
        minutes: the budget; None: the recipe's own sizes.
        measure: the pilot; asked only when there is a budget or a plan is wanted.

    Raises:
        RecipeError: when a made recipe is to be sized, or nothing of it can be.
    """
    if isinstance(given, Recipe):
        if minutes is not None:
            raise RecipeError(
                f"minutes={minutes:g} sizes a recipe through its function; {given.name} is made "
                "already. Give its name or its function instead."
            )
        return Planned(recipe=given, told={})
    maker = maker_of(given)
    recipe = make(maker, {})
    if minutes is None:
        return Planned(recipe=recipe, told={})
    rates = measure(recipe)
    sizes, expected = _fit(maker, flow, rates, 60 * minutes)
    return Planned(recipe=make(maker, sizes), told=tell(recipe.name, expected, sizes, minutes))


def tell(
    name: str, expected: list[Expected], sizes: Mapping[str, int], minutes: float | None
) -> dict[str, Any]:
    """The plan as JSON values."""
    seconds = sum(e.seconds for e in expected)
    warning = ""
    if minutes is not None and seconds > 60 * minutes:
        most = max(expected, key=lambda e: e.seconds)
        warning = (
            f"Even the smallest sizes of {name} take about {seconds / 60:.1f} minutes here, most "
            f"of it {most.step} ({most.what}, {most.seconds / 60:.1f}). More minutes, fewer "
            "documents or a lighter recipe are needed."
        )
    return {
        "recipe": name,
        "minutes": minutes,
        "seconds": round(seconds, 1),
        "sizes": dict(sizes),
        "steps": [
            {"step": e.step, "what": e.what, "seconds": round(e.seconds, 1)} for e in expected
        ],
        "warning": warning,
    }


def check_late(told: Mapping[str, Any]) -> None:
    """Refuse a plan that is far over its budget.

    Raises:
        RecipeError: names the step that takes most, and what would help.
    """
    budget = 60 * (told["minutes"] or 0.0)
    if told["warning"] and told["seconds"] > max(BEYOND * budget, budget + GRACE):
        raise RecipeError(
            f"{told['minutes']:g} minutes are too few, and no step was begun. {told['warning']}"
        )


def _fit(
    maker: Maker, flow: Flow, rates: Rates, budget: float
) -> tuple[dict[str, int], list[Expected]]:
    """The largest share of the recipe's own sizes that ends in time, by bisection."""
    full = _sizable(maker)
    if not full:
        raise RecipeError(
            f"{getattr(maker, '__name__', 'The recipe')} cannot be sized: its function has none of "
            f"the settings {', '.join(FLOORS)}. Run it without a number of minutes."
        )

    def at(share: float) -> tuple[dict[str, int], list[Expected]]:
        sizes = {n: max(min(FLOORS[n], size), round(share * size)) for n, size in full.items()}
        return sizes, foresee(make(maker, dict(sizes)), flow, rates)

    def seconds(share: float) -> float:
        return sum(e.seconds for e in at(share)[1])

    budget *= ROOM
    if seconds(1.0) <= budget:
        return at(1.0)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if seconds(middle) <= budget else (low, middle)
    return at(low)


def _sizable(maker: Maker) -> dict[str, int]:
    """The settings a budget may size, with their defaults; those that were given stay."""
    fixed = maker.keywords if isinstance(maker, functools.partial) else {}
    return {
        name: parameter.default
        for name, parameter in settings_of(maker).items()
        if name in FLOORS and name not in fixed and isinstance(parameter.default, int)
    }


def kept(
    path: Path,
    given: Any,
    corpus: Corpus,
    student: Student,
    minutes: float | None,
    make_plan: Callable[[], Planned],
) -> Planned:
    """The plan of an earlier call with the same arguments, else a new one, kept.

    A pilot measures something else each time; a run that goes on must go on with the same sizes.
    """
    if isinstance(given, Recipe) or minutes is None:
        return make_plan()
    maker = maker_of(given)
    fixed = maker.keywords if isinstance(maker, functools.partial) else {}
    recipe = make(maker, {})
    key = key_of(
        recipe,
        {
            "fixed": describe(dict(fixed)),
            "minutes": minutes,
            "corpus": corpus.digest,
            "student": student.fingerprint(),
        },
        0,
    )
    if path.is_file():
        saved = json.loads(path.read_text("utf-8"))
        if saved["key"] == key:
            return Planned(recipe=make(maker, saved["told"]["sizes"]), told=saved["told"])
    planned = make_plan()
    write_json(path, {"key": key, "told": planned.told})
    return replace(planned)
