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
        same: a number for each document, by row: those that have one are the same to a query. None:
            no two are.
    """

    groups: Groups
    turns: Turns
    width: int
    queries: Sequence[str]
    documents: Sequence[str]
    vectors: Floats | None = None
    query_vectors: Floats | None = None
    same: Integers | None = None

    def draw(self, places: Integers) -> Drawn:
        """What stands at these places of the order."""
        return self.groups.draw(*self.turns.at(places), self.width)

    def widened(self, places: Integers, loss: Loss) -> tuple[Drawn, Integers]:
        """The queries at these places with the documents of all of them, and which those are.

        Args:
            places: of the order.
            loss: says which documents of the others it wants, and with which values.
        """
        groups, turns = self.turns.at(places)
        drawn = self.groups.draw(groups, turns, self.width)
        columns = np.unique(drawn.filled)
        labels = [self.groups.labels_of(group, columns) for group in groups.tolist()]
        values = np.stack([value for value, _ in labels])
        known = np.stack([there for _, there in labels])
        every = np.tile(columns, (len(groups), 1))
        if getattr(loss, "shared", False):
            return Drawn(drawn.queries, every, values), columns
        if getattr(loss, "labelled", False):
            mine = (every[:, :, None] == drawn.documents[:, None, :]).any(axis=2)
            others = np.where(known & ~mine, every, -1)
        else:  # a document that has a label for the query is not taken for a stranger
            if self.same is not None:  # nor is one that says the same as its first
                known |= self.same[columns] == self.same[drawn.documents[:, :1]]
            others, values = np.where(known, -1, every), np.zeros_like(values)
        documents = np.concatenate([drawn.documents, others], axis=1)
        values = np.where(others >= 0, values, np.float32(0))
        return Drawn(
            drawn.queries, documents, np.concatenate([drawn.values, values], axis=1)
        ), columns


def counted(loss: Loss, drawn: Drawn) -> Integers:
    """Which queries a loss can learn from, (B,) 0 or 1; without its word, those with documents."""
    counts = getattr(loss, "counts", None)
    told: Any = drawn.mask.any(axis=1)
    if counts is not None:
        told = counts(torch.from_numpy(drawn.values), torch.from_numpy(drawn.mask)).numpy()
    rows: Integers = told.astype(np.int64)
    return rows
