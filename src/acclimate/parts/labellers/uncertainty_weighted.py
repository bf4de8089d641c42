"""UncertaintyWeighted: the less sure its teachers are of a query, the less it teaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats
from acclimate.models.student import Student
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import heard, weights_of
from acclimate.parts.labellers._standard import Mask, standard
from acclimate.parts.labellers.ensemble import agreement_of
from acclimate.parts.part import Context, Labeller
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class UncertaintyWeighted:
    """The mean of several teachers' labels, times how sure they are of the query.

    value(q, d) = agreement(q) · clarity(q) · mean of the teachers' labels, in deviations

    Agreement is the mean correlation of two teachers over the query's candidates, 0 where they
    contradict each other. Clarity is 1 − H / ln K, with H the entropy of the softmax of the mean
    over its K candidates: 0 where all documents are alike, 1 where one stands for itself. Labels
    have no weights, but differences between values are what a loss learns from: of an unsure query
    they become small. `Ensemble` leaves such queries out instead.

    Origin: own; entropy and disagreement as signs of a teacher's uncertainty.
    Code:    none published.
    Differs: nothing known.
    Cost:    all its labellers.

    Args:
        labellers: the teachers. A candidate that one of them leaves out is left out. One alone
            agrees with itself.
        weights: of each. None: all the same.
        temperature: divides the mean before the softmax of clarity, in deviations.

    Returns:
        Labels in the order of the candidates, with mean 0 in each query.
    """

    labellers: tuple[Labeller, ...]
    weights: tuple[float, ...] | None = None
    temperature: float = 0.5

    def __post_init__(self) -> None:
        """Refuse weights that do not fit, and a temperature that no softmax has."""
        weights_of(self, self.labellers, self.weights)
        if self.temperature <= 0:
            raise RecipeError(
                f"UncertaintyWeighted(temperature={self.temperature}): a temperature divides and "
                "must be above 0."
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
        told = heard(self.labellers, corpus, queries, candidates, student, ctx)
        weights = weights_of(self, self.labellers, self.weights)
        members = np.stack([standard(values, told.mask) for values in told.values])
        mean = np.average(members, axis=0, weights=weights)
        agreement = np.maximum(agreement_of(members, told.mask), 0.0)
        clear = clarity(mean / self.temperature, told.mask)
        ctx.note(
            "sureness",
            {
                "agreement": round(float(agreement.mean()), 4) if len(agreement) else None,
                "clarity": round(float(clear.mean()), 4) if len(clear) else None,
            },
        )
        values = np.where(told.mask, (agreement * clear)[:, None] * mean, np.nan)
        return labelled(candidates, told.cells.of(values.astype(np.float32)), "weighted")


def clarity(logits: Floats, mask: Mask) -> Floats:
    """1 − H / ln K of the softmax over each query's K candidates, (Q,); 0 where there is one.

    Args:
        logits: (Q, K).
        mask: where there is a candidate, (Q, K).
    """
    shares = np.where(mask, np.exp(np.where(mask, logits, 0.0)), 0.0)
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    count = mask.sum(axis=1)
    most = np.log(np.maximum(count, 2))
    return np.asarray(np.where(count > 1, 1 - entropy / most, 0.0))
