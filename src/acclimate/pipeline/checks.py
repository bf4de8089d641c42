"""Checks: everything cheap that could stop a run is looked at before anything expensive."""

from __future__ import annotations

import dataclasses
import shutil
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from acclimate.errors import AcclimateError, ModelError, RecipeError, StoreError
from acclimate.models.student import Student
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus, Queries

COPIES = 6
"""Copies of the student's weights a run keeps: checkpoints of two rounds, the points between
base and adapted, the outcome."""
VECTOR_BYTES = 4 * 768
ENCODERS = 4
"""Encoders whose document vectors a run keeps: base, two rounds, the outcome."""
TOKENS = 130
TOKEN_BYTES = 2 * 384
SPARE_BYTES = 200 * 2**20


def check_recipe(recipe: Recipe, log: Queries | None) -> None:
    """Whether the caller brought what the recipe needs.

    Raises:
        RecipeError: when queries of people are needed and there are none, or the recipe asks
            for a table that cannot be brought.
    """
    for kind in recipe.brings:
        if kind is Queries and log is None:
            raise RecipeError(
                f"{recipe.name} needs queries of people (no labels). Give a file with --queries."
            )
        if kind not in (Corpus, Queries, Student):
            raise RecipeError(
                f"{recipe.name} needs {kind.__name__}, which `adapt` cannot be given."
            )


def refs_of(value: Any) -> Iterator[Any]:
    """Every model in a recipe or part, once: refs, however deep."""
    seen: set[Any] = set()
    yield from _refs(value, seen)


def _refs(value: Any, seen: set[Any]) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _refs(item, seen)
        return
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return
    if hasattr(value, "open") and hasattr(value, "fingerprint"):
        if value not in seen:
            seen.add(value)
            yield value
        return
    for field in dataclasses.fields(value):
        yield from _refs(getattr(value, field.name), seen)


def check_judge(recipe: Recipe, *, own: bool) -> None:
    """Whether the gate's judge had no hand in the queries: a model is kind to what it wrote.

    Args:
        recipe: what is to be run.
        own: the caller knows, and wants it all the same.

    Raises:
        RecipeError: when the judge wrote or chose queries, and that was not allowed.
    """
    if not own and (name := own_judge(recipe)):
        raise RecipeError(
            f"{recipe.name}: {name} writes or chooses the queries, and the gate would ask the same "
            "model what they are worth. Give another one (--with judge=…), or allow it with "
            "--own-judge (own_judge=True): the report then says so."
        )


def own_judge(recipe: Recipe) -> str:
    """The language model that is both the gate's judge and behind the queries; empty: none."""
    wrote = {_language_model(ref) for ref in _behind_queries(recipe.steps)} - {""}
    judges = (_language_model(ref) for ref in refs_of(recipe.judge))
    return next((name for name in judges if name in wrote), "")


def _language_model(ref: Any) -> str:
    """A language model's name, and where it is asked; empty: it is another kind of model."""
    asked = getattr(ref, "writer", ref)
    if not hasattr(asked, "answering"):
        return ""
    name = str(getattr(asked, "model", repr(asked)))
    return f"{name} at {asked.url}" if hasattr(asked, "url") else name


def _behind_queries(value: Any) -> Iterator[Any]:
    """Models of the parts that give queries, however deep in composites."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _behind_queries(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value).__call__) if callable(value) else {}
        if hints.get("return") is Queries:
            yield from refs_of(value)
        else:
            for field in dataclasses.fields(value):
                yield from _behind_queries(getattr(value, field.name))


def check_models(recipe: Recipe, student: Student) -> None:
    """Whether every model can be had; all that cannot are named together.

    Raises:
        ModelError: when some cannot.
    """
    problems = []
    for ref in (*refs_of(student.encoder), *refs_of((recipe.steps, recipe.judge))):
        try:
            ref.fingerprint()
        except AcclimateError as error:
            problems.append(str(error))
    if problems:
        raise ModelError("\n".join(dict.fromkeys(problems)))


def check_disk(out: Path, corpus: Corpus, student: Student) -> None:
    """Whether vectors, checkpoints and tables fit on the disk.

    Raises:
        StoreError: when they do not.
    """
    model = sum(p.stat().st_size for p in student.encoder.folder().rglob("*") if p.is_file())
    need = (
        COPIES * model
        + len(corpus) * (ENCODERS * VECTOR_BYTES + TOKENS * TOKEN_BYTES)
        + 2 * corpus.rows.nbytes
        + SPARE_BYTES
    )
    there = next(p for p in (out, *out.resolve().parents) if p.exists())
    free = shutil.disk_usage(there).free
    if free < need:
        raise StoreError(
            f"{out} has {free / 2**30:.1f} GiB free; this run may need {need / 2**30:.1f} GiB. "
            "Free some, or choose another disk with --out."
        )
