"""Shelf: what a run has made so far, one table of each type; children follow their parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, cast

from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, needs
from acclimate.tables import Table

T = TypeVar("T")


class Shelf:
    """Tables and the student, by type.

    When a filter shrinks `Queries`, the rows of `Candidates` and `Labels` that refer to queries
    no longer there leave with them.
    """

    def __init__(self, things: Iterable[Table | Student] = ()) -> None:
        self._things: dict[type, Table | Student] = {}
        for thing in things:
            self.put(thing)

    def __getitem__(self, kind: type[T]) -> T:
        return cast(T, self._things[kind])

    def __contains__(self, kind: type) -> bool:
        return kind in self._things

    def __iter__(self) -> Iterator[Table | Student]:
        return iter(self._things.values())

    def put(self, thing: Table | Student) -> None:
        """Place a table or the student; what refers to fewer rows now shrinks."""
        self._things[type(thing)] = thing
        if isinstance(thing, Table):
            self._follow(thing)

    def _follow(self, parent: Table) -> None:
        for kind, child in list(self._things.items()):
            if isinstance(child, Table) and type(parent) in child.refers.values():
                kept = child.following(parent)
                if len(kept) < len(child):
                    self._things[kind] = kept
                    self._follow(kept)

    def inputs(self, part: Part) -> dict[str, Any]:
        """What a part needs, by argument name."""
        return {name: self._things[kind] for name, kind in needs(part).items()}

    def run(self, steps: Iterable[Part], ctx: Context) -> None:
        """Carry out steps in order; each finds its inputs here and leaves its result here."""
        for part in steps:
            self.put(ctx.make(part, self.inputs(part), ctx))
