"""Lengths: tokens of texts by row, counted when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from acclimate.models.ref import Integers


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
