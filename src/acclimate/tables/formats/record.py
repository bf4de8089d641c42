"""Record: one row as it came, and where it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Origin:
    """A file or other source, and what its parts are called: line, row, item."""

    name: str
    unit: str = "line"

    def place(self, number: int) -> str:
        """Where a row is, in words; number 0 is the source as a whole."""
        where = f"{self.name}, {self.unit}" if self.unit else self.name
        return f"{where} {number}" if number else self.name


class Record(NamedTuple):
    """The fields of one row and its place: `number` counts from 1 in its origin."""

    fields: Mapping[Any, Any]
    origin: Origin
    number: int

    @property
    def place(self) -> str:
        """Where the row is, such as "docs.jsonl, line 3"."""
        return self.origin.place(self.number)
