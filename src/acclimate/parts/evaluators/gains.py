"""Gains: rankings measured by what a teacher says, where nobody has judged.

Shapes: Q queries, K results, P documents a teacher was asked about.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Integers

SHARPNESS = 2.0
"""A document one deviation below the teacher's best gains exp(-SHARPNESS) = 0.135."""


def gains_of(values: Floats) -> Floats:
    """Teacher values as gains: exp(SHARPNESS · (value − best) / deviation) within each query.

    The unit is the standard deviation of the query's own values, so that a teacher's units do not
    matter. A query whose values are all the same has gain 1 everywhere; where the teacher said
    nothing (nan) the gain is 0.

    Args:
        values: (Q, P).
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = filled.sum(axis=1, keepdims=True) / count
    away = np.where(known, filled - mean, 0.0)
    spread = np.sqrt(np.square(away).sum(axis=1, keepdims=True) / count)
    best = np.where(known, values, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    below = (filled - np.where(np.isfinite(best), best, 0.0)) / np.where(spread > 0, spread, 1.0)
    gains = np.exp(SHARPNESS * np.minimum(below, 0.0))  # above 0 only where nothing is known
    return np.asarray(np.where(known, gains, 0.0), dtype=np.float32)


def gains_in_order(found: Integers, asked: Integers, gains: Floats) -> Floats:
    """The gains of a ranking's documents, (Q, K); 0 where the teacher was not asked.

    Args:
        found: ranked documents, (Q, K); -1 is none.
        asked: documents the teacher was asked about, (Q, P); -1 is none.
        gains: theirs, (Q, P).
    """
    ranked = np.zeros(found.shape, dtype=np.float32)
    for row in range(len(found)):
        known = dict(zip(asked[row].tolist(), gains[row].tolist(), strict=True))
        known[-1] = 0.0
        ranked[row] = [known.get(document, 0.0) for document in found[row].tolist()]
    return ranked


def ndcg(ranked: Floats, everything: Floats, depth: int = 10) -> np.ndarray[Any, Any]:
    """Discounted cumulative gain over the best there could be, (Q,); 0 where nothing gains.

    Args:
        ranked: gains in the order of the ranking, (Q, K).
        everything: gains of all documents the teacher was asked about, (Q, P).
        depth: ranks that count.
    """
    ideal = _dcg(-np.sort(-everything, axis=1), depth)
    return np.asarray(_dcg(ranked, depth) / np.where(ideal > 0, ideal, 1.0))


def _dcg(gains: Floats, depth: int) -> np.ndarray[Any, Any]:
    top = gains[:, :depth].astype(np.float64)
    return np.asarray((top / np.log2(np.arange(2, top.shape[1] + 2))).sum(axis=1))


def ranks_of(found: Integers, wanted: Integers) -> Integers:
    """The rank of each query's wanted document (Q,), from 1; 0 where it was not found."""
    hit = (found == wanted[:, None]) & (wanted[:, None] >= 0)
    return np.asarray(np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, 0), dtype=np.int64)
