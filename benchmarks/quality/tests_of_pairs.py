"""tests_of_pairs: is one system better than another on the same queries?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def compare(one: Sequence[float], other: Sequence[float], *, seed: int = 0) -> dict[str, Any]:
    """Mean of `one - other` over the queries, its 95 % interval and the chance of no difference.

    The interval is a bootstrap over queries, p a two-sided sign-flip permutation test, 9,999
    resamples each.
    """
    from scipy import stats

    differences = np.asarray(one, float) - np.asarray(other, float)
    mean = float(differences.mean())
    if not differences.any():
        return {"difference": 0.0, "low": 0.0, "high": 0.0, "p": 1.0, "wins": 0, "losses": 0}
    p = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=9_999,
        batch=500,
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).pvalue
    interval = stats.bootstrap(
        (differences,),
        np.mean,
        n_resamples=9_999,
        method="percentile",
        batch=500,
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return {
        "difference": round(mean, 5),
        "low": round(float(interval.low), 5),
        "high": round(float(interval.high), 5),
        "p": round(float(p), 5),
        "wins": int((differences > 1e-9).sum()),
        "losses": int((differences < -1e-9).sum()),
    }


def holm(chances: Sequence[float]) -> list[float]:
    """Holm's correction: p-values for a family of comparisons, in the same order."""
    order = np.argsort(chances, kind="stable")
    corrected = [0.0] * len(chances)
    running = 0.0
    for place, position in enumerate(order):
        running = max(running, min(1.0, chances[position] * (len(chances) - place)))
        corrected[position] = round(running, 5)
    return corrected
