"""Significance: whether one system is better than another, or was lucky with its queries.

Shapes: N queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.tables import Scores

Numbers = np.ndarray[Any, np.dtype[np.float64]]

EXACT = 12
"""Up to so many queries all 2^N signs are tried."""

BLOCK = 1_000
"""Draws that are looked at together."""


@dataclass(frozen=True)
class Comparison:
    """One system against another on one measure, query by query.

    Args:
        system: which.
        baseline: against which.
        measure: on what.
        queries: how many both have a value for.
        mean: of the system. mean_baseline: of the other.
        difference: of the two.
        low: where the difference's interval begins. high: where it ends.
        p: of the permutation test, two-sided. p_holm: corrected for all comparisons made together.
        wins: queries on which the system is better. losses: on which it is worse.
    """

    system: str
    baseline: str
    measure: str
    queries: int
    mean: float
    mean_baseline: float
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    wins: int
    losses: int


@dataclass(frozen=True, kw_only=True)
class Significance:
    """Paired permutation tests with bootstrap intervals, corrected by Holm.

    The test asks how often a difference this large comes about when each query's two values
    change places by chance; it assumes nothing of how they are distributed.

    Paper:   Smucker, Allan, Carterette, A Comparison of Statistical Significance Tests for
             Information Retrieval Evaluation, CIKM 2007. https://doi.org/10.1145/1321440.1321528
    Code:    none followed.
    Differs: all 2^N permutations for 12 queries or fewer.
    Cost:    draws × queries, no model.

    Args:
        draws: permutations, and bootstrap samples.
        confidence: of the intervals.
        seed: of the draws.
    """

    draws: int = 10_000
    confidence: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.draws < 1 or not 0 < self.confidence < 1:
            raise RecipeError(f"{self!r}: give 1 draw or more and a confidence between 0 and 1.")

    def compare(
        self, scores: Scores, baseline: str, systems: Sequence[str] | None = None
    ) -> tuple[Comparison, ...]:
        """Each system against the baseline, on each measure, over the queries both have.

        Args:
            scores: what an evaluator measured.
            baseline: the system to beat.
            systems: which to compare; None: all others.
        """
        table: dict[str, dict[str, dict[str, float]]] = {}
        for row in scores.dicts():
            by_system = table.setdefault(row["measure"], {})
            by_system.setdefault(row["system"], {})[row["query_id"]] = row["value"]
        made = [
            self._one(name, baseline, measure, by_system)
            for measure, by_system in table.items()
            for name in (systems if systems is not None else by_system)
            if name != baseline and {name, baseline} <= by_system.keys()
        ]
        corrected = holm([c.p for c in made])
        return tuple(replace(c, p_holm=p) for c, p in zip(made, corrected, strict=True))

    def _one(
        self, name: str, baseline: str, measure: str, by_system: dict[str, dict[str, float]]
    ) -> Comparison:
        ours, theirs = by_system[name], by_system[baseline]
        shared = sorted(ours.keys() & theirs.keys())
        mine = np.array([ours[q] for q in shared])
        other = np.array([theirs[q] for q in shared])
        away = mine - other
        low, high = interval(away, draws=self.draws, confidence=self.confidence, seed=self.seed)
        p = permutation_p(away, draws=self.draws, seed=self.seed)
        return Comparison(
            system=name, baseline=baseline, measure=measure, queries=len(shared),
            mean=_mean(mine), mean_baseline=_mean(other), difference=_mean(away),
            low=low, high=high, p=p, p_holm=p,
            wins=int((away > 0).sum()), losses=int((away < 0).sum()),
        )  # fmt: skip


def permutation_p(differences: Numbers, *, draws: int = 10_000, seed: int = 0) -> float:
    """The share of sign changes whose mean is as far from 0 as the observed one.

    Exact for few queries; else of `draws` random ones and the observed one, so never 0.
    """
    away = np.asarray(differences, dtype=np.float64)
    away = away[away != 0]
    if not len(away):
        return 1.0
    observed = abs(away.sum()) * (1 - 1e-12)
    if len(away) <= EXACT:
        bits = np.arange(2 ** len(away))[:, None] >> np.arange(len(away)) & 1
        return float(np.mean(np.abs((2.0 * bits - 1) @ away) >= observed))
    rng = np.random.default_rng(seed)
    as_far = 0
    for start in range(0, draws, BLOCK):
        bits = rng.integers(0, 2, size=(min(BLOCK, draws - start), len(away)))
        as_far += int((np.abs((2.0 * bits - 1) @ away) >= observed).sum())
    return (as_far + 1) / (draws + 1)


def interval(
    differences: Numbers, *, draws: int = 10_000, confidence: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """The bootstrap percentile interval of the mean."""
    away = np.asarray(differences, dtype=np.float64)
    if not len(away):
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    means = [
        away[rng.integers(0, len(away), size=(min(BLOCK, draws - start), len(away)))].mean(axis=1)
        for start in range(0, draws, BLOCK)
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return float(low), float(high)


def holm(p: Sequence[float]) -> list[float]:
    """Holm's correction: p-values that may all be looked at together."""
    order = np.argsort(p, kind="stable")
    corrected = [0.0] * len(p)
    highest = 0.0
    for place, row in enumerate(order.tolist()):
        highest = max(highest, min(1.0, (len(p) - place) * p[row]))
        corrected[row] = highest
    return corrected


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else 0.0
