"""Ranking: the best of many scores, the same on every run: ties go to the lower row number.

Shapes: Q queries, D documents, K results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Hits, Integers


def best(rows: Integers, scores: Floats, depth: int) -> tuple[Integers, Floats]:
    """The `depth` best of one query's scored documents, best first; ties by row number."""
    if len(rows) > depth:
        # Everything that ties with the last place stays, so that row numbers decide below.
        last = np.partition(scores, len(scores) - depth)[len(scores) - depth]
        kept = scores >= last
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:depth]
    return rows[order], scores[order]


def nothing(queries: int, depth: int) -> Hits:
    """Hits without a document."""
    return Hits(
        np.full((queries, depth), -1, dtype=np.int64),
        np.full((queries, depth), -np.inf, dtype=np.float32),
    )


class Ranking:
    """The best documents of each query, over blocks of documents that come one after the other.

    Args:
        queries: how many.
        depth: how many results of each to keep.
    """

    def __init__(self, queries: int, depth: int) -> None:
        self.depth = depth
        self.hits = nothing(queries, depth)

    def add(self, scores: np.ndarray[Any, Any], first_row: int) -> None:
        """Take in scores (Q, D) of the documents from `first_row` on; rows must come in order.

        Only what beats the last place so far is looked at: a later document that ties with it
        has the higher row number.
        """
        for query, row in enumerate(scores):
            self._add(query, row, first_row)

    def _add(self, query: int, scores: Floats, first_row: int) -> None:
        rows, held = self.hits.positions[query], self.hits.scores[query]
        better = np.flatnonzero(scores > held[-1])
        if not len(better):
            return
        there = rows >= 0
        new_rows, new_scores = best(
            np.concatenate([rows[there], better + first_row]),
            np.concatenate([held[there], scores[better]]),
            self.depth,
        )
        rows[: len(new_rows)], held[: len(new_rows)] = new_rows, new_scores


def rated(among: Integers, scores: Iterable[Floats]) -> Hits:
    """Hits for given documents, in the given order; cells without a document score -inf.

    Args:
        among: (Q, K), -1 where there is no document.
        scores: per query, the scores of its K cells (those without a document are ignored).
    """
    values = np.full(among.shape, -np.inf, dtype=np.float32)
    if not (among >= 0).any():
        return Hits(among.astype(np.int64), values)
    for row, found in enumerate(scores):
        values[row] = np.where(among[row] >= 0, found, -np.inf)
    return Hits(among.astype(np.int64), values)


def union(lists: Sequence[Integers]) -> Integers:
    """The distinct documents of several lists per query, (Q, K); short rows end in -1."""
    both = np.sort(np.concatenate(lists, axis=1), axis=1)
    both[:, 1:][both[:, 1:] == both[:, :-1]] = -1
    both = -np.sort(-both, axis=1)
    width = int((both >= 0).sum(axis=1).max(initial=0))
    return both[:, : max(width, 1)]


def ordered(pool: Integers, scores: Floats, depth: int) -> Hits:
    """A pool in the order of its scores; ties by row number."""
    scores = np.where(pool >= 0, scores, -np.inf).astype(np.float32)
    best = np.lexsort((pool, -scores), axis=1)[:, :depth]
    return Hits(np.take_along_axis(pool, best, 1), np.take_along_axis(scores, best, 1))


def looked_up(found: Hits, among: Integers, missing: Floats) -> Floats:
    """What a search said of given documents `among` (Q, K); of others, what is missing (Q,)."""
    scores = np.broadcast_to(missing[:, None], among.shape).astype(np.float32)
    for line, (rows, score) in enumerate(zip(found.positions, found.scores, strict=True)):
        there = rows >= 0
        score_of = dict(zip(rows[there].tolist(), score[there].tolist(), strict=True))
        cells = zip(among[line].tolist(), scores[line].tolist(), strict=True)
        scores[line] = [score_of.get(row, score) for row, score in cells]
    return scores
