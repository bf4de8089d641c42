"""Standard: scores of several teachers in one unit, query by query.

Shapes: Q queries, K candidates of a query.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.models.ref import Floats

Mask = np.ndarray[Any, np.dtype[np.bool_]]

NEARLY = 1e-6
"""A spread below this part of the scores' size is rounding, not difference."""


def standard(scores: Floats, mask: Mask) -> Floats:
    """Scores less their mean over their standard deviation, query by query.

    Args:
        scores: (Q, K); where a score is not a number, the lowest of the query is taken.
        mask: (Q, K), where there is a candidate.

    Returns:
        (Q, K) float32: mean 0 and deviation 1 over a query's candidates; 0 where all of them score
        the same, and where there is no candidate.
    """
    wide = np.asarray(scores, dtype=np.float64)
    known = mask & np.isfinite(wide)
    lowest = np.where(known, wide, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    filled = np.where(known, wide, np.where(np.isfinite(lowest), lowest, 0.0))
    count = np.maximum(mask.sum(axis=1, keepdims=True), 1)
    mean = np.where(mask, filled, 0.0).sum(axis=1, keepdims=True) / count
    away = np.where(mask, filled - mean, 0.0)
    spread = np.sqrt(np.square(away).sum(axis=1, keepdims=True) / count)
    flat = spread <= NEARLY * np.maximum(np.abs(mean), 1e-12)
    return np.asarray(np.where(flat, 0.0, away / np.where(flat, 1.0, spread)), dtype=np.float32)
