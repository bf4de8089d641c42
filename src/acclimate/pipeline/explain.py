"""Explain: what a recipe does, read from its parts and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Callable
from textwrap import indent
from typing import Any

from acclimate.errors import RecipeError
from acclimate.parts.part import Part, gives, needs
from acclimate.pipeline.finding import find_maker, recipe_names, settings_of

FIELDS = (
    "Paper",
    "Origin",
    "Code",
    "Differs",
    "Cost",
    "Args",
    "Returns",
    "Raises",
    "Example",
    "Rows",
)


def summaries() -> list[dict[str, str]]:
    """Name and first sentence of each recipe."""
    return [
        {"name": name, "summary": sections(find_maker(name))["summary"]} for name in recipe_names()
    ]


def explained(
    name: str, kind_of: Callable[[Any], str] = str, width: int | None = None
) -> dict[str, Any]:
    """Steps, settings, paper and cost of a recipe.

    Args:
        name: of a recipe, or file.py:function.
        kind_of: what values a setting takes, from its annotation.
        width: of the lines of a step, as of `brief`.
    """
    maker = find_maker(name)
    told = sections(maker)
    recipe = maker()
    if not hasattr(recipe, "steps"):
        raise RecipeError(f"{name} returned {type(recipe).__name__}, not a Recipe.")
    hints = typing.get_type_hints(maker)
    meanings = arguments(told["args"])
    return {
        "name": recipe.name,
        "summary": told["summary"],
        "paper": told["paper"] or told["origin"],
        "code": told["code"],
        "differs": told["differs"],
        "cost": told["cost"],
        "brings": [kind.__name__ for kind in recipe.brings],
        "steps": [step(part, width) for part in recipe.steps],
        "rules": [
            {"name": r.name, "looks_at": r.looks_at, "picks": r.picks, "why": r.why}
            for r in recipe.rules
        ],
        "judge": brief(recipe.judge, width) if recipe.judge is not None else None,
        "settings": [
            {
                "name": n,
                "default": repr(p.default),
                "takes": kind_of(hints.get(n, str)),
                "meaning": meanings.get(n, ""),
            }
            for n, p in settings_of(maker).items()
        ],
    }


def step(part: Part, width: int | None = None) -> dict[str, Any]:
    """What one part takes, gives and costs."""
    told = sections(part if inspect.isfunction(part) else type(part))
    return {
        "step": brief(part, width),
        "part": repr(part),
        "takes": [kind.__name__ for kind in needs(part).values()],
        "gives": gives(part).__name__,
        "summary": told["summary"],
        "cost": told["cost"],
        "paper": told["paper"] or told["origin"],
    }


def brief(value: Any, width: int | None = None) -> str:
    """A part with only the settings that are not its own defaults, all the way down.

    Args:
        value: the part.
        width: of a line, in characters; what is longer goes onto lines of its own, further in.
            None: one line.

    Example:
        >>> from acclimate.parts.miners import BM25, Union, RandomDocuments
        >>> print(brief(Union((BM25(depth=7), RandomDocuments())), width=20))
        Union((
          BM25(depth=7),
          RandomDocuments(),
        ))
    """
    inside = _inside(value)
    if inside is None:
        return repr(value)
    begin, told, end = inside
    line = begin + ", ".join(name + brief(own) for name, own in told) + end
    if width is None or len(line) <= width or not told:
        return line
    if len(told) == 1:
        name, own = told[0]
        return f"{begin}{name}{brief(own, width - len(begin) - len(name) - len(end))}{end}"
    rows = [f"{name}{brief(own, width - len(name) - 3)}," for name, own in told]
    return "\n".join([begin, *(indent(row, "  ") for row in rows), end.lstrip(",")])


def _inside(value: Any) -> tuple[str, list[tuple[str, Any]], str] | None:
    """How a value begins, what it holds by name, and how it ends; None of what holds nothing."""
    if isinstance(value, tuple):
        return "(", [("", own) for own in value], ",)" if len(value) == 1 else ")"
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return None
    fields = [f for f in dataclasses.fields(value) if getattr(value, f.name) != _default(f)]
    told = [(f"{f.name}=" if f.kw_only else "", getattr(value, f.name)) for f in fields]
    return f"{type(value).__name__}(", told, ")"


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def sections(thing: Any) -> dict[str, str]:
    """A docstring's first sentence and its fields, each as one line; absent ones are empty."""
    text = inspect.getdoc(thing) or ""
    pattern = rf"^({'|'.join(FIELDS)}):[ \t]*"
    pieces = re.split(pattern, text, flags=re.MULTILINE)
    found = {field.lower(): "" for field in FIELDS}
    found["summary"] = " ".join(pieces[0].split("\n\n")[0].split())
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        keep = name in ("Args",)
        found[name.lower()] = body if keep else " ".join(body.split("\n\n")[0].split())
    return found


def arguments(text: str) -> dict[str, str]:
    """The meanings of an Args field, by name."""
    found: dict[str, str] = {}
    name = ""
    for line in inspect.cleandoc("\n" + text).splitlines():
        new = re.match(r"(\w+): (.*)", line)
        if new:
            name, found[new[1]] = new[1], new[2]
        elif name and line.startswith(" "):
            found[name] += " " + line.strip()
        elif not line.strip():
            name = ""
    return found
