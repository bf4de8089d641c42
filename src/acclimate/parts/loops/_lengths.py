"""Lengths: tokens of texts by row, counted when they are first asked for; those that are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from acclimate.models.ref import Integers

SPREAD = 1.25
"""A stretch ends where a text is longer than this times its shortest."""


class Lengths:
    """Tokens of texts by row.

    Args:
        count: tokens of each of some texts.
        texts: all of them.
    """

    def __init__(self, count: Callable[[Sequence[str]], Integers], texts: Sequence[str]) -> None:
        self.count = count
        self.texts = texts
        self.known = np.zeros(len(texts), dtype=np.int64)

    def of(self, rows: Integers) -> Integers:
        """Tokens of the texts in these rows."""
        new = np.unique(rows[self.known[rows] == 0])
        if len(new):
            self.known[new] = self.count([self.texts[row] for row in new])
        known: Integers = self.known[rows]
        return known


def alike_stretches(lengths: Integers, most: int) -> Iterator[slice]:
    """Stretches of rising lengths that differ little, with `most` tokens each."""
    start = 0
    for place in range(1, len(lengths) + 1):
        if place < len(lengths):
            shortest, here = int(lengths[start]), int(lengths[place])
            alike = here <= shortest * SPREAD + 4
            if alike and here * (place + 1 - start) <= most:
                continue
        yield slice(start, place)
        start = place
