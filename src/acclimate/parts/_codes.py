"""Columns of ids as numbers, so that millions of rows are compared without a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from acclimate.models.ref import Integers
from acclimate.tables import Table


def coded(table: Table, column: str) -> tuple[Integers, list[str]]:
    """Which distinct value each row has, (N,), and the distinct values in order of coming."""
    column_ = table.rows.column(column).dictionary_encode()
    if not column_.num_chunks:
        return np.empty(0, dtype=np.int64), []
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in column_.chunks])
    return codes.astype(np.int64), column_.chunk(column_.num_chunks - 1).dictionary.to_pylist()


def looked_up(values: Sequence[str | None], found: Mapping[Any, int]) -> Integers:
    """The number of each value, -1 where it has none, (V,)."""
    return np.asarray([found.get(value, -1) for value in values], dtype=np.int64)


def places_within(group: Integers, order: Integers) -> Integers:
    """How many rows of its group come before each row in `order`, (N,); it has groups together.

    Example:
        >>> places_within(np.array([0, 1, 0]), np.array([2, 0, 1])).tolist()
        [1, 0, 0]
    """
    sorted_ = group[order]
    starts = np.flatnonzero(np.diff(sorted_, prepend=-1))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    return place
