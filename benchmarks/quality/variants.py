"""variants: the recipes that methods.py and signals.py compare, made alike.

`method` is a recipe of acclimate with the common queries, the common budget and no gate; `signal`
is `default` with one part exchanged. Both are called by their file, as `variants.py:method`.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from acclimate.errors import AcclimateError, RecipeError
from acclimate.faces.cli.settings import parse
from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.remote import Judge, Remote
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts import generators, labellers, miners, students
from acclimate.parts.part import Generator, Labeller, Miner, Part, needs
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.finding import find_maker, make, settings_of
from acclimate.recipes._given import asked
from acclimate.recipes._pieces import pieces
from acclimate.recipes.default import default
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing.laws import parts_in

BATCH = 16
"""Queries of an update of the budget: `steps` updates of so many, whatever a recipe's own batch."""
HELD_SHARE = 10
"""One query in so many is held out, for recipes that look at those."""
SPREAD = 0.15
"""Root mean square of the margins that every labeller is brought to: three temperatures of
`default`, so that one loss fits all of them."""

STAGES: dict[str, type] = {"generators": Queries, "miners": Candidates, "labellers": Labels}
"""What signals.py exchanges, by folder."""
LEFT_OUT = {
    "LikeLog": "needs queries of people",
    "Topical": "is part of default",
    "Momentum": "adds to the candidates of an earlier round, and there is one round",
    "SourceIsRelevant": "says that the source is right, which default leaves out",
    "AnswerMatch": "looks for what was taken out of the source, which default leaves out",
}
"""Parts that default cannot show, and why."""


def method(
    *,
    name: str = "default",
    queries: int = 2_000,
    steps: int = 100,
    student: str = "all-MiniLM-L6-v2",
    writer: str = "",
    teacher: str = "",
) -> Recipe:
    """A recipe with as many queries and trained examples as any other, and without a gate."""
    made = _sized(name, queries, steps, student=student, writer=writer, teacher=teacher)
    for old, new in exchanges(made, queries, writer):
        made = made.exchanged(old, new)
    return made


def stood_in(**settings: Any) -> list[str]:
    """What stands in for models of a `method` that are not here, in words."""
    models = {"student": "all-MiniLM-L6-v2", "writer": "", "teacher": ""}
    given = {"queries": 2_000, "steps": 100, **models, **settings}
    made = _sized(**given)
    return [
        f"{type(new).__name__} for {Path(str(ref.model)).name}"
        for old, new in exchanges(made, given["queries"], given["writer"])
        for ref in refs_of(old)
        if not at_hand(ref)
    ]


def _sized(
    name: str, queries: int, steps: int, *, student: str, writer: str, teacher: str
) -> Recipe:
    maker = find_maker(name)
    known = settings_of(maker)
    given: dict[str, Any] = {
        "queries": queries,
        "documents": queries,
        "held_out": queries // HELD_SHARE,
        "retrievers": (Dense(student),),
    }
    models = {"writer": writer, "teacher": teacher}
    given |= parse([f"{n}={m}" for n, m in models.items() if m and n in known], maker)
    made = make(maker, {n: v for n, v in given.items() if n in known})
    ratio = steps * BATCH / max(1.0, visits(made.steps))
    return replace(made, steps=scaled(made.steps, ratio), judge=None)


def exchanges(recipe: Recipe, queries: int, writer: str) -> list[tuple[Any, Any]]:
    """What is put in place of parts of a recipe, so that all have the same queries, and teachers.

    Where a recipe would ask or cut pieces, it gets the writer's queries if one is given, else
    pieces of documents. Words and vectors stand in for a teacher that is not at hand.
    """
    found: list[tuple[Any, Any]] = []
    for part in recipe.steps:
        if isinstance(part, generators.DocToQuery) or part == pieces(queries):
            found.append((part, asked(_writer(writer), queries)))
    for part in labellers_of(recipe):
        if not all(map(at_hand, refs_of(part))):
            found.append((part, labellers.Fusion()))
    return [(old, new) for old, new in found if old != new]


def signal(
    *,
    stage: str = "labellers",
    part: str = "Fusion",
    queries: int = 2_000,
    steps: int = 100,
    depth: int = 24,
    student: str = "all-MiniLM-L6-v2",
    writer: str = "",
    teacher: str = "",
) -> Recipe:
    """`default` without a gate, with one generator, miner or labeller in place of its own.

    A part that works on what default's own gives comes behind it; labels are brought to one spread.
    """
    plain = default(queries=queries, steps=steps, depth=depth, held_out=queries // HELD_SHARE)
    plain = replace(plain, judge=None)
    own: dict[str, Any] = {
        "generators": pieces(queries),
        "miners": miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
        "labellers": labellers.Fusion(),
    }
    if part == "default":
        return plain
    made = instance(part_named(stage, part), own, student=student, writer=writer, teacher=teacher)
    behind = STAGES[stage] in needs(made).values()
    if stage == "generators" and not behind:
        made = generators.Mixed((made,), queries=queries)
    new: list[Any] = [own[stage], made] if behind else [made]
    if stage == "labellers":
        new.append(labellers.Rescale(method="spread", low=-SPREAD, high=SPREAD))
    if stage == "miners":
        return plain.exchanged(own[stage], made)
    return plain.exchanged(own[stage], *new)


def why_not(build: Callable[[], Recipe]) -> str | None:
    """Why a recipe cannot be run here; None: it can."""
    try:
        recipe = build()
    except AcclimateError as error:
        return str(error).splitlines()[0]
    if missing := set(recipe.brings) - {Corpus, Student}:
        return f"needs {', '.join(sorted(kind.__name__ for kind in missing))} of people"
    for ref in refs_of(recipe.steps):
        if isinstance(ref, Remote | Judge):
            return "asks a language model behind an endpoint"
        if not at_hand(ref):
            return f"needs {Path(str(getattr(ref, 'model', type(ref).__name__))).name}"
    return None


def at_hand(ref: Any) -> bool:
    """Whether a model is on this machine."""
    try:
        ref.fingerprint()
    except AcclimateError:
        return False
    return True


def visits(value: Any) -> float:
    """Queries that all trainings of a recipe read together; maps behind an encoder are free.

    A map learns from vectors that are there, in milliseconds, unless it is all that learns.
    """
    if isinstance(value, tuple):
        total = 0.0
        for item in value:
            if total and isinstance(item, students.Adapter):
                break  # the rest of this row is of the map
            if not (total and _of_a_map(item)):
                total += visits(item)
        return total
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return 0.0
    own, batch = getattr(value, "steps", None), getattr(value, "batch", None)
    if isinstance(own, int) and isinstance(batch, int):
        return float(own * batch)
    inner = sum(visits(getattr(value, field.name)) for field in dataclasses.fields(value))
    times = getattr(value, "rounds", None) or getattr(value, "count", None)
    return inner * (times if isinstance(times, int) else 1)


def scaled(value: Any, ratio: float) -> Any:
    """The same parts, whose trainings have so many times as many updates; one each at least."""
    if isinstance(value, tuple):
        return tuple(scaled(item, ratio) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    own, batch = getattr(value, "steps", None), getattr(value, "batch", None)
    if isinstance(own, int) and isinstance(batch, int):
        fewer = {"steps": max(1, round(own * ratio)), "warmup": round(value.warmup * ratio)}
        return replace(value, **fewer)
    was = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.init}
    now = {name: scaled(item, ratio) for name, item in was.items()}
    return value if now == was else replace(value, **now)


def labellers_of(recipe: Recipe) -> list[Any]:
    """Labellers that read with a teacher, however deep."""
    found: list[Any] = []

    def look(value: Any) -> None:
        if isinstance(value, labellers.Score) and value not in found:
            found.append(value)
        if isinstance(value, tuple):
            for item in value:
                look(item)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                look(getattr(value, field.name))

    look(recipe.steps)
    return found


def names(stage: str) -> list[str]:
    """Every part of a stage, and default's own."""
    there = {kind.__name__ for folder, kind in parts_in("acclimate.parts") if folder == stage}
    return ["default", *sorted(there)]


def part_named(stage: str, name: str) -> type:
    """The class of a part.

    Raises:
        RecipeError: when there is none, or default cannot show it.
    """
    if name in LEFT_OUT:
        raise RecipeError(LEFT_OUT[name])
    for folder, kind in parts_in("acclimate.parts"):
        if folder == stage and kind.__name__ == name:
            return kind
    raise RecipeError(f"There is no {name} in {stage}.")


def instance(kind: type, own: dict[str, Any], *, student: str, writer: str, teacher: str) -> Part:
    """A part with its defaults; what it must be given is given, and miners choose among the same.

    Raises:
        RecipeError: when it needs a model that was not named, or something that is not known here.
    """
    hints = typing.get_type_hints(kind)
    given: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        nothing = (field.default, field.default_factory) == (dataclasses.MISSING,) * 2
        if field.name == "miner" and hint == Miner:
            given[field.name] = own["miners"]
        elif field.init and nothing:
            given[field.name] = _given(hint, own, student=student, writer=writer, teacher=teacher)
    made: Part = kind(**given)
    return made


def _given(hint: Any, own: dict[str, Any], *, student: str, writer: str, teacher: str) -> Any:
    if hint == Ref[Writer] and writer:
        return _writer(writer)
    if hint == Ref[Scorer] and teacher:
        return CrossEncoder(teacher)
    known: dict[Any, Any] = {
        Dense: Dense(student),
        Generator: own.get("generators"),
        Miner: own.get("miners"),
        Labeller: own.get("labellers"),
        tuple[Labeller, ...]: (own.get("labellers"), labellers.LateInteraction()),
    }
    roles = {Ref[Writer]: "a writer (--writer)", Ref[Scorer]: "a teacher (--teacher)"}
    if known.get(hint) is None:
        raise RecipeError(f"needs {roles.get(hint, getattr(hint, '__name__', hint))}")
    return known[hint]


def _writer(name: str) -> Any:
    """A writer as the command line names it; None for no name."""
    return parse([f"writer={name}"], find_maker("gpl"))["writer"] if name else None


def _of_a_map(part: Any) -> bool:
    """Whether a composite makes the student a map and trains that."""
    inside = getattr(part, "steps", ())
    return isinstance(inside, tuple) and any(isinstance(i, students.Adapter) for i in inside)
