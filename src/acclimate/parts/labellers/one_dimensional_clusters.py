"""OneDimensionalClusters: a list falls into groups of like values; the highest is relevant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.parts.labellers._relabelled import best_first, lists_of, relabelled
from acclimate.parts.part import Context
from acclimate.tables import Labels

Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class OneDimensionalClusters:
    """Labels 1 for the highest cluster of a query's values, 0 for the lowest; others are left out.

    The clusters are those of k-means on the values, which on a line can be found exactly. So a
    query has as many relevant documents as stand apart from the others, and not a fixed number. A
    query with as many relevant documents as others, or more, is left out: its teacher does not
    choose.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    none followed.
    Differs: the best clusters of all, where k-means may stop at others.
    Cost:    clusters · (distinct values)² for each query.

    Args:
        clusters: how many. Paper: 3.

    Returns:
        The labels kept, in their order, with 1 and 0 as values. A query with fewer distinct values
        than clusters is left out.
    """

    clusters: int = 3

    def __post_init__(self) -> None:
        """Refuse to leave no difference."""
        if self.clusters < 2:
            raise RecipeError(f"OneDimensionalClusters(clusters={self.clusters}): give 2 or more.")

    def __call__(self, labels: Labels, ctx: Context) -> Labels:
        """Convert the labels."""
        lists = lists_of(labels)
        order, values = best_first(labels, lists)
        made = np.full(len(labels), np.nan)
        cuts = np.flatnonzero(np.diff(lists[order])) + 1
        parts = np.split(order, cuts) if len(order) else []
        for rows in parts:
            made[rows] = self._converted(values[rows].astype(np.float64))
        told = sum(bool(np.isfinite(made[rows]).any()) for rows in parts)
        ctx.note("lists", {"converted": told, "left out": len(parts) - told})
        return relabelled(labels, made)

    def _converted(self, values: Values) -> Values:
        """1, 0 or nan for each value of a list."""
        distinct, which, counts = np.unique(values, return_inverse=True, return_counts=True)
        nothing = np.full(len(values), np.nan)
        if len(distinct) < self.clusters:
            return nothing
        cluster = clustered(distinct, counts, self.clusters)[which.reshape(-1)]
        high, low = cluster == self.clusters - 1, cluster == 0
        return (
            nothing if high.sum() >= low.sum() else np.where(high, 1.0, np.where(low, 0, nothing))
        )


def clustered(values: Values, counts: Integers, clusters: int) -> Integers:
    """The cluster of each of these rising values, (N,), with the least squares within clusters.

    Dynamic programming over where the last cluster begins.

    Args:
        values: rising, (N,); at least as many as clusters.
        counts: how often each is there, (N,).
        clusters: how many.

    Example:
        >>> clustered(np.array([0.0, 1.0, 5.0, 9.0, 9.5]), np.ones(5), 3).tolist()
        [0, 0, 1, 2, 2]
    """
    count, cost = len(values), _squares(values, counts)
    best = np.full((clusters + 1, count + 1), np.inf)
    begins = np.zeros((clusters + 1, count + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for number in range(1, clusters + 1):
        tried = best[number - 1][:, None] + cost
        begins[number], best[number] = tried.argmin(axis=0), tried.min(axis=0)
    cluster, end = np.zeros(count, dtype=np.int64), count
    for number in range(clusters, 0, -1):
        start = begins[number, end]
        cluster[start:end], end = number - 1, start
    return cluster


def _squares(values: Values, counts: Integers) -> Values:
    """Squares around the mean of values[i:j], (N + 1, N + 1); infinite where it is empty."""
    centred = values - np.average(values, weights=counts)
    weight, first, second = (
        np.concatenate([[0.0], np.cumsum(counts * centred**power)]) for power in range(3)
    )
    within = weight[None, :] - weight[:, None]
    mean = np.divide(first[None, :] - first[:, None], within, where=within > 0, out=0 * within)
    squares = second[None, :] - second[:, None] - within * mean**2
    return np.where(within > 0, np.maximum(squares, 0.0), np.inf)
