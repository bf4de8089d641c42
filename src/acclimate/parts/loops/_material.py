"""Material: what a training looks at, and which of it teaches anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from acclimate.models.ref import Floats, Integers
from acclimate.parts.loops._groups import Drawn, Groups, Turns
from acclimate.parts.part import Loss


@dataclass(frozen=True, eq=False)
class Material:
    """What a training looks at.

    Args:
        groups: labelled documents by query.
        turns: in which order.
        width: documents of a query in a step, K.
        queries: their texts, by row.
        documents: their texts, by row.
        vectors: document vectors that never change, by row; None when they learn.
        query_vectors: likewise of queries.
    """

    groups: Groups
    turns: Turns
    width: int
    queries: Sequence[str]
    documents: Sequence[str]
    vectors: Floats | None = None
    query_vectors: Floats | None = None

    def draw(self, places: Integers) -> Drawn:
        """What stands at these places of the order."""
        return self.groups.draw(*self.turns.at(places), self.width)


def counted(loss: Loss, drawn: Drawn) -> Integers:
    """Which queries a loss can learn from, (B,) 0 or 1; without its word, those with documents."""
    counts = getattr(loss, "counts", None)
    told: Any = drawn.mask.any(axis=1)
    if counts is not None:
        told = counts(torch.from_numpy(drawn.values), torch.from_numpy(drawn.mask)).numpy()
    rows: Integers = told.astype(np.int64)
    return rows
