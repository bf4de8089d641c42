"""Members: several labellers of the same candidates, side by side.

Shapes: M members, N candidates, Q queries, K candidates of a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats
from acclimate.models.student import Student
from acclimate.parts._pairs import Grid, grid, pairs
from acclimate.parts.labellers._standard import Mask
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, eq=False)
class Heard:
    """What members say.

    Args:
        cells: the candidates as a table of queries and places.
        values: of each member, (M, Q, K); nan where it is silent.
        mask: where all of them say something, (Q, K).
    """

    cells: Grid
    values: Floats
    mask: Mask

    def summed(self, weights: Sequence[float]) -> Floats:
        """The weighted sum, each member brought to 0…1 within a query, (Q, K); nan off the mask."""
        total = np.zeros(self.mask.shape)
        for weight, values in zip(weights, self.values, strict=True):
            total += weight * between_0_and_1(values, self.mask)
        return np.where(self.mask, total, np.nan)


def heard(
    members: Sequence[Labeller],
    corpus: Corpus,
    queries: Queries,
    candidates: Candidates,
    student: Student,
    ctx: Context,
) -> Heard:
    """Ask each member for its labels."""
    cells = grid(*pairs(corpus, queries, candidates))
    things = (corpus, queries, candidates, student)
    values = np.full((len(members), *cells.documents.shape), np.nan, dtype=np.float32)
    for member, row in zip(members, values, strict=True):
        row[cells.line, cells.place] = values_of(candidates, apply(member, things, ctx))
    return Heard(cells, values, np.asarray(np.isfinite(values).all(axis=0)))


def values_of(candidates: Candidates, labels: Labels) -> Floats:
    """The value of each candidate, (N,); nan where there is no label of it."""
    told = dict(
        zip(zip(labels["query_id"], labels["doc_id"], strict=True), labels["value"], strict=True)
    )
    keys = zip(candidates["query_id"], candidates["doc_id"], strict=True)
    return np.array([told.get(key, np.nan) for key in keys], dtype=np.float32)


def weights_of(
    part: object, members: Sequence[Labeller], weights: tuple[float, ...] | None
) -> tuple[float, ...]:
    """The weight of each member; 1 where none are given.

    Raises:
        RecipeError: when there is no member, or not a weight above 0 for each.
    """
    each = weights if weights is not None else (1.0,) * len(members)
    if not members or len(each) != len(members) or min(each) <= 0:
        raise RecipeError(
            f"{type(part).__name__} has {len(members)} labellers and the weights {weights}. "
            "Give at least one labeller, and a weight above 0 for each."
        )
    return each


def between_0_and_1(values: Floats, mask: Mask) -> Floats:
    """Values (Q, K) less the lowest of their query over its range; a half where that is 0."""
    low = np.where(mask, values, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    high = np.where(mask, values, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    width = np.where(high > low, high - low, 1.0)
    share = np.where(
        high > low, (np.where(mask, values, 0.0) - np.where(high > low, low, 0.0)) / width, 0.5
    )
    return np.asarray(share, dtype=np.float32)
