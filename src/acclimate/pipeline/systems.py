"""Systems: how BM25, encoders and their hybrids rank documents, side by side.

Shapes: Q queries, K results, D documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.flat import Flat
from acclimate.models.ref import Floats, Hits, Integers
from acclimate.parts.part import Context

LEXICAL = "BM25"
HYBRID = "+BM25"
"""What the name of an encoder gets when BM25 is fused with it."""


@dataclass(frozen=True)
class Ranked:
    """Rankings of one system.

    Args:
        positions: row numbers of documents, best first; (Q, K), -1 is none.
        scores: (Q, K), higher is closer, -inf is none.
    """

    positions: Integers
    scores: Floats

    def top(self, depth: int) -> Integers:
        """The first `depth` documents of each query, (Q, ≤ depth)."""
        return self.positions[:, :depth]


def rank(
    documents: Sequence[str],
    queries: Sequence[str],
    encoders: Mapping[str, Dense],
    ctx: Context,
    *,
    depth: int = 100,
    hybrids: Sequence[str] = (),
) -> dict[str, Ranked]:
    """Rankings of BM25, of each encoder by name, and of the hybrids asked for."""
    depth = min(depth, len(documents))
    words = _ranked(ctx.engine.search(BM25(), documents, queries, depth=depth))
    result = {LEXICAL: words}
    for name, encoder in encoders.items():
        flat = Flat(encoder)
        own = _ranked(ctx.engine.search(flat, documents, queries, depth=depth))
        result[name] = own
        if name in hybrids:
            pool = union([words.positions, own.positions])
            both = [
                standard(ctx.engine.search(index, documents, queries, among=pool).scores, pool)
                for index in (BM25(), flat)
            ]
            result[name + HYBRID] = order(pool, both[0] + both[1], depth)
    return result


def union(lists: Sequence[Integers]) -> Integers:
    """The distinct documents of several lists per query, (Q, K); short rows end in -1."""
    both = np.sort(np.concatenate(lists, axis=1), axis=1)
    again = np.zeros(both.shape, dtype=bool)
    again[:, 1:] = both[:, 1:] == both[:, :-1]
    both[again] = -1
    both = -np.sort(-both, axis=1)
    width = int((both >= 0).sum(axis=1).max(initial=0))
    return both[:, : max(width, 1)]


def standard(scores: Floats, pool: Integers) -> Floats:
    """Scores less their mean over their spread, query by query; -inf counts as the lowest."""
    there = pool >= 0
    found = there & np.isfinite(scores)
    lowest = np.min(np.where(found, scores, np.inf), axis=1, keepdims=True)
    filled = np.where(found, scores, np.where(np.isfinite(lowest), lowest, 0.0))
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    mean = np.where(there, filled, 0.0).sum(axis=1, keepdims=True) / count
    spread = np.sqrt(np.where(there, (filled - mean) ** 2, 0.0).sum(axis=1, keepdims=True) / count)
    return np.asarray((filled - mean) / np.where(spread > 0, spread, 1.0), dtype=np.float32)


def order(pool: Integers, scores: Floats, depth: int) -> Ranked:
    """A pool in the order of its scores; ties by row number."""
    scores = np.where(pool >= 0, scores, -np.inf).astype(np.float32)
    best = np.lexsort((pool, -scores), axis=1)[:, :depth]
    return Ranked(np.take_along_axis(pool, best, 1), np.take_along_axis(scores, best, 1))


def _ranked(hits: Hits) -> Ranked:
    return Ranked(hits.positions, hits.scores)
