"""Weights: how much each scorer of a fusion counts, found without any judgement.

Shapes: Q queries, K candidates of a query, S scorers.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Integers

FACTORS = (0.0, 0.5, 1.0, 2.0)
"""What each prior weight is tried with; the largest prior weight stays, as weights are relative."""

SURE = 3.0
"""Standard errors by which weights must beat the prior ones."""


def fit_weights(
    scores: Floats,
    mask: np.ndarray[Any, np.dtype[np.bool_]],
    sources: Integers,
    prior: tuple[float, ...],
) -> tuple[float, ...]:
    """Weights under which queries find the document they were written from, or the prior ones.

    The mean reciprocal rank of the source document is compared over a small grid around the
    prior. The best is taken only where it beats the prior by three standard errors of the paired
    differences: evidence from written queries overrates words where queries copy them, so it must
    be plain.

    Args:
        scores: of each scorer, higher is more relevant, (Q, K, S).
        mask: where there is a candidate, (Q, K).
        sources: the place of each query's source document, (Q,); -1 is none.
        prior: (S,).
    """
    known = sources >= 0
    if known.sum() < 2:
        return prior
    scores, mask, sources = scores[known], mask[known], sources[known]
    fixed = int(np.argmax(prior))
    before = reciprocal_ranks(scores, mask, sources, prior)
    best, gain = prior, 0.0
    for factors in product(FACTORS, repeat=len(prior) - 1):
        free = iter(factors)
        tried = tuple(w if s == fixed else w * next(free) for s, w in enumerate(prior))
        more = reciprocal_ranks(scores, mask, sources, tried) - before
        error = float(more.std(ddof=1)) / np.sqrt(len(more))
        if more.mean() > max(gain, SURE * error):
            best, gain = tried, float(more.mean())
    return best


def reciprocal_ranks(
    scores: Floats,
    mask: np.ndarray[Any, np.dtype[np.bool_]],
    sources: Integers,
    weights: tuple[float, ...],
) -> Floats:
    """1 / rank of each query's source document under these weights, (Q,); ties count against it."""
    total = np.where(mask, scores @ np.asarray(weights, dtype=scores.dtype), -np.inf)
    own = np.take_along_axis(total, sources[:, None], axis=1)
    return np.asarray(1.0 / (total >= own).sum(axis=1), dtype=np.float64)
