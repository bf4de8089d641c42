"""Comparing: a paired test and an interval for the mean of differences."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

ROUNDS = 10_000
"""Draws of the permutation test and of the bootstrap."""
Numbers = np.ndarray[Any, np.dtype[np.floating[Any]]]
CELLS = 2**22
"""Random numbers held at once."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A mean difference over queries.

    Args:
        mean: of the differences.
        low: 2.5th percentile of the bootstrapped mean.
        high: 97.5th percentile.
        p: how often flipping the signs of the differences gives a mean at least as far from 0.
        queries: how many differences.
        wins: queries that gained.
        losses: queries that lost.
    """

    mean: float
    low: float
    high: float
    p: float
    queries: int
    wins: int
    losses: int

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def compare(differences: Numbers, rng: np.random.Generator) -> Difference:
    """Test whether the mean of paired differences (N,) is 0.

    Two-sided sign-flip permutation test (the p is never 0: the data themselves are one draw), and
    a percentile bootstrap over the queries.
    """
    values = np.asarray(differences, dtype=np.float64)
    mean = float(values.mean()) if len(values) else 0.0
    extreme = 0
    means = []
    step = max(1, CELLS // max(len(values), 1))
    for start in range(0, ROUNDS, step):
        draws = min(step, ROUNDS - start)
        signs = rng.integers(0, 2, size=(draws, len(values)), dtype=np.int8) * 2 - 1
        flipped = signs @ values / max(len(values), 1)
        # Sums in another order differ in the last bits: without room, a tie would count as less.
        extreme += int((np.abs(flipped) >= abs(mean) - 1e-12).sum())
        means.append(boot(values, draws, rng))
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return Difference(
        mean=mean,
        low=float(low),
        high=float(high),
        p=(extreme + 1) / (ROUNDS + 1),
        queries=len(values),
        wins=int((values > 0).sum()),
        losses=int((values < 0).sum()),
    )


def interval(values: Numbers, rng: np.random.Generator) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a mean."""
    low, high = np.percentile(boot(np.asarray(values), 2_000, rng), [2.5, 97.5])
    return float(low), float(high)


def boot(values: Numbers, draws: int, rng: np.random.Generator) -> Numbers:
    """Means of `draws` samples with replacement, (draws,)."""
    if not len(values):
        return np.zeros(draws)
    rows = rng.integers(0, len(values), size=(draws, len(values)))
    return np.asarray(values[rows].mean(axis=1))
