"""Agreement: what all teachers put first comes first, and then the sum decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import heard, weights_of
from acclimate.parts.part import Context, Labeller
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The weighted sum of what labellers say, with those in front that stand high with all.

    Each labeller's values of a query are brought to 0…1. A document among the `top` best of every
    labeller is valued above all others, by the sum of the weights: two ways that lead to it
    independently are worth more than one that is very sure.

    Rows: [082].

    Paper:   Open-Domain Question Answering with Pre-Constructed Question Spaces, 2020.
             https://arxiv.org/abs/2006.08337
    Code:    none followed.
    Differs: documents are agreed upon, where the paper compares answers; its exact fusion is not
             known here.
    Cost:    all its labellers.

    Args:
        labellers: the teachers. A candidate that one of them leaves out is left out.
        weights: of each. None: all the same.
        top: how many of each labeller's best are agreed upon.

    Returns:
        Labels in the order of the candidates, from 0 to twice the sum of the weights.
    """

    labellers: tuple[Labeller, ...]
    weights: tuple[float, ...] | None = None
    top: int = 1

    def __post_init__(self) -> None:
        """Refuse weights that do not fit, and an agreement on nothing."""
        weights_of(self, self.labellers, self.weights)
        if self.top < 1:
            raise RecipeError(f"Agreement(top={self.top}): give 1 or more.")

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        told = heard(self.labellers, corpus, queries, candidates, student, ctx)
        weights = weights_of(self, self.labellers, self.weights)
        agreed = told.mask.copy()
        for values in told.values:
            falling = np.argsort(np.where(told.mask, -values, np.inf), axis=1, kind="stable")
            agreed &= np.argsort(falling, axis=1, kind="stable") < self.top
        ctx.note("queries with an agreement", int(agreed.any(axis=1).sum()))
        total = told.summed(weights) + sum(weights) * agreed
        return labelled(candidates, told.cells.of(total.astype(np.float32)), "agreement")
