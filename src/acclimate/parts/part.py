"""Part: one configured step. Its annotations say what it needs and what it gives."""

from __future__ import annotations

import hashlib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np

from acclimate.engines.engine import Engine
from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.tables import Candidates, Corpus, Labels, Queries, Table

Part: TypeAlias = Callable[..., Table | Student]
RowT = TypeVar("RowT")
Track: TypeAlias = Callable[[Iterable[Any], str, int | None], Iterator[Any]]


Labeller: TypeAlias = Callable[..., Labels]
"""(corpus, queries, candidates[, student], ctx) -> Labels; composites call it through `apply`."""

Generator: TypeAlias = Callable[..., Queries]
"""(corpus, ctx) -> Queries; composites call it through `apply`."""

Chooser: TypeAlias = Callable[..., Corpus]
"""(corpus[, student], ctx) -> Corpus: a filter of documents; composites call it through `apply`."""

Miner: TypeAlias = Callable[..., Candidates]
"""(corpus, queries[, student], ctx) -> Candidates; composites call it through `apply`."""

Trainer: TypeAlias = Callable[..., Student]
"""(corpus, queries, labels, student, ctx) -> Student, or less of these: a part of `loops`."""


class Loss(Protocol):
    """A pure function of tensors (B, K): student scores, teacher targets, which cells count.

    Column 0 is the document the query was written from, where there is one. With `in_batch` the
    documents of the other queries come as further columns, with target 0 and without those that
    have a label for the query, or say the same as the document of its column 0; with `labelled` as
    well, only those that have one, with its value. With `shared` column k is the same document for
    every query: those of the whole batch in any order, with the labels there are and target 0 where
    there is none.
    """

    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        """The loss, a scalar tensor."""
        ...


class ReferencedLoss(Loss, Protocol):
    """A loss that also knows by what a query's documents were drawn or judged before.

    The reference holds scores, (B, K): those of the student before an update, of what proposed
    the documents, or of a model of which documents are judged. It never learns. Without one all
    documents of a query are alike, so that a loop that has none calls it as any other loss. With
    `looks_back` it is the student before the training that `loops.Fit` tells it of; such a loss may
    take `weights` as well, (B, K), the logarithms of those with which documents were drawn.
    """

    def __call__(self, scores: Any, targets: Any, mask: Any, reference: Any = None) -> Any:
        """The loss, a scalar tensor."""
        ...


TensorLoss: TypeAlias = Callable[..., Any]
"""A pure function of other tensors than scores, as vectors or logits over the vocabulary.

Each argument is named by its shape, as `student_ND`, the batch first; the last letters of
`mask_N` say which rows or cells of all of them count. A loop of its own calls it.
"""


def silent(rows: Iterable[RowT], what: str, total: int | None = None) -> Iterator[RowT]:
    """Progress that nobody watches."""
    del what, total
    yield from rows


def call(part: Part, inputs: Mapping[str, Any], ctx: Context) -> Any:
    """Call a part with its inputs, and with the context if it wants one."""
    wants = any(kind is Context for kind in _hints(part).values())
    return part(**inputs, ctx=ctx) if wants else part(**inputs)


def apply(part: Part, things: Iterable[Table | Student], ctx: Context) -> Any:
    """Call a part inside a composite: it gets, by type, what it needs of `things`.

    So a labeller that encodes with the student's own base (`student.start`) and one that does
    not are called alike.
    """
    by_type = {type(thing): thing for thing in things}
    missing = [kind.__name__ for kind in needs(part).values() if kind not in by_type]
    if missing:
        raise RecipeError(f"{part!r} needs {', '.join(missing)}, which its composite lacks.")
    return call(part, {name: by_type[kind] for name, kind in needs(part).items()}, ctx)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a run lends to its parts; nothing is global.

    Args:
        seed: every random choice comes from it, through `rng`.
        engine: does all heavy work.
        folder: where this step may keep its own files (checkpoints, weights); None in tests of
            parts that write nothing.
        track: wraps an iterable to show progress: `ctx.track(rows, "mining", total)`.
        make: how a step is carried out; a run passes one that keeps and finds results, so that
            composites such as `loops.Rounds` resume inside.
        notes: what the parts of this step found worth reporting, by name; kept with its result.
    """

    seed: int = 0
    engine: Engine = field(default_factory=Local)
    folder: Path | None = None
    track: Track = silent
    make: Callable[[Part, Mapping[str, Any], Context], Any] = call
    notes: dict[str, Any] = field(default_factory=dict)

    def rng(self, part: object) -> np.random.Generator:
        """A generator of random numbers that depends on the seed and on this part's settings."""
        digest = hashlib.sha256(f"{self.seed} {part!r}".encode()).digest()
        return np.random.default_rng(list(digest))

    def note(self, name: str, value: Any) -> None:
        """Report something (JSON values): a funnel, a histogram, fitted weights."""
        self.notes[name] = value


def needs(part: Part) -> dict[str, type]:
    """The tables and the student a part takes, by argument name."""
    hints = _hints(part)
    hints.pop("return", None)
    return {name: kind for name, kind in hints.items() if _flows(kind)}


def gives(part: Part) -> type:
    """What a part gives: a table type or Student."""
    kind = _hints(part).get("return")
    if not _flows(kind):
        raise RecipeError(f"{part!r} must say in its return annotation which table it gives.")
    return typing.cast(type, kind)


def _flows(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, (Table, Student))


def _hints(part: Part) -> dict[str, Any]:
    function = part if hasattr(part, "__code__") else type(part).__call__
    return typing.get_type_hints(function)
