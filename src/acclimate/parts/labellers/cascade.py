"""Cascade: a cheap teacher labels all candidates, a dear one corrects the best of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats
from acclimate.models.student import Student
from acclimate.parts._pairs import Grid, grid, labelled, pairs
from acclimate.parts.labellers._members import values_of
from acclimate.parts.labellers._standard import Mask, standard
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Cascade:
    """Labels in the units of a cheap teacher, corrected by a dear one where it matters.

    What is far down a query's list is bad whoever is asked. So the dear teacher reads only the
    `depth` candidates that the cheap one holds for the best. Its values of them are brought to the
    cheap one's mean and spread over the same candidates, and the two are mixed:

        value = (1 − weight) · cheap + weight · (mean + spread · (dear − its mean) / its spread)

    Other candidates keep the cheap teacher's value.

    Paper:   Wang, Lin, Metzler, A Cascade Ranking Model for Efficient Ranked Retrieval, SIGIR 2011
             (cheap scores for all, dear ones for what they leave).
    Code:    none followed.
    Differs: two stages that are given, where the paper learns how many and which; nothing is
             thrown away, since labels of bad candidates teach as well.
    Cost:    the first labeller on all candidates, and the second on `depth` of each query.

    Args:
        first: the cheap teacher.
        then: the dear one.
        depth: candidates of a query that the dear one reads.
        weight: its share, above 0 and at most 1.

    Returns:
        A label for each candidate that the first one labels, in the order of the candidates.
    """

    first: Labeller
    then: Labeller
    depth: int = 8
    weight: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a second teacher that is not heard."""
        if self.depth < 2 or not 0 < self.weight <= 1:
            raise RecipeError(
                f"Cascade(depth={self.depth}, weight={self.weight}): the second teacher compares "
                "2 candidates or more, with a weight above 0 and at most 1."
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        cells = grid(*pairs(corpus, queries, candidates))
        told = apply(self.first, (corpus, queries, candidates, student), ctx)
        cheap = _spread(values_of(candidates, told), cells)
        read = highest(cheap, self.depth)[cells.line, cells.place]
        some = candidates.keep(read)
        dear = np.full(len(candidates), np.nan, dtype=np.float32)
        dear[read] = values_of(some, apply(self.then, (corpus, queries, some, student), ctx))
        values = corrected(cheap, _spread(dear, cells), self.weight)
        ctx.note(
            "cascade",
            {
                "pairs": len(candidates),
                "read by the second": len(some),
                "queries with another first": int(
                    (highest(values, 1) != highest(cheap, 1)).any(axis=1).sum()
                ),
            },
        )
        return labelled(candidates, cells.of(values), "cascade")


def _spread(values: Floats, cells: Grid) -> Floats:
    """Values by candidate as a grid, (Q, K); nan where there is no candidate."""
    table = np.full(cells.documents.shape, np.nan, dtype=np.float32)
    table[cells.line, cells.place] = values
    return table


def highest(values: Floats, depth: int) -> Mask:
    """Where the `depth` highest values of each line are, (Q, K); ties by place."""
    order = np.argsort(np.where(np.isfinite(values), -values, np.inf), axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None, :], axis=1)
    return np.asarray((place < depth) & np.isfinite(values))


def corrected(cheap: Floats, dear: Floats, weight: float) -> Floats:
    """The cheap values, mixed with the dear ones where there are some, (Q, K).

    Args:
        cheap: (Q, K); nan where there is no label.
        dear: (Q, K); nan where the second teacher was not asked or is silent.
        weight: of the dear ones.

    Example:
        >>> corrected(np.array([[4.0, 2.0, 0.0]]), np.array([[10.0, 30.0, np.nan]]), 1.0)
        array([[2., 4., 0.]], dtype=float32)
    """
    both = np.isfinite(cheap) & np.isfinite(dear)
    unit = standard(dear, both)
    told = both & unit.any(axis=1, keepdims=True)  # a teacher that holds all alike says nothing
    count = np.maximum(both.sum(axis=1, keepdims=True), 1)
    mean = np.where(both, cheap, 0.0).sum(axis=1, keepdims=True) / count
    away = np.where(both, cheap - mean, 0.0)
    spread = np.sqrt(np.square(away).sum(axis=1, keepdims=True) / count)
    mixed = (1 - weight) * cheap + weight * (mean + spread * unit)
    return np.asarray(np.where(told, mixed, cheap), dtype=np.float32)
