"""Ensemble: several teachers agree on a label, or say nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.models.ref import Floats
from acclimate.models.student import Student
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import heard, weights_of
from acclimate.parts.labellers._standard import Mask, standard
from acclimate.parts.part import Context, Labeller
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """The weighted mean of several teachers' labels, each in deviations from its query's mean.

    Queries on which the teachers disagree teach little that is true: `agreement` leaves out those
    whose mean correlation between two teachers is lower. `abstention` leaves out single pairs
    that some teacher holds for good and another for bad.

    Rows: [019].

    Paper:   Hofstätter, Althammer, Schröder, Sertkan, Hanbury, Improving Efficient Neural Ranking
             Models with Cross-Architecture Knowledge Distillation, 2020 (the mean of several
             teachers). https://arxiv.org/abs/2010.02666
    Code:    none followed.
    Differs: scores are standardised before the mean; agreement and abstention are additions.
    Cost:    all its labellers.

    Args:
        labellers: the teachers. A candidate that one of them leaves out is left out.
        weights: of each. None: all the same.
        agreement: least mean correlation of two teachers over a query's candidates, −1 to 1.
            None: all queries stay.
        abstention: largest difference of two teachers on a pair, in deviations. None: all stay.

    Returns:
        Labels in the order of the candidates, in deviations; those abstained from are missing.
    """

    labellers: tuple[Labeller, ...]
    weights: tuple[float, ...] | None = None
    agreement: float | None = None
    abstention: float | None = None

    def __post_init__(self) -> None:
        """Refuse weights that do not fit."""
        weights_of(self, self.labellers, self.weights)

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
        mask = told.mask
        members = np.stack([standard(values, mask) for values in told.values])
        weights = weights_of(self, self.labellers, self.weights)
        mean = np.average(members, axis=0, weights=weights)
        agreeing = agreement_of(members, mask)
        kept = mask.copy()
        if self.agreement is not None:
            kept &= (agreeing >= self.agreement)[:, None]
        if self.abstention is not None:
            kept &= np.ptp(members, axis=0) <= self.abstention
        ctx.note(
            "ensemble",
            {
                "agreement": round(float(agreeing.mean()), 4) if len(agreeing) else None,
                "left out by a member": int(len(candidates) - mask.sum()),
                "abstained": int(mask.sum() - kept.sum()),
            },
        )
        values = np.where(kept, mean, np.nan).astype(np.float32)
        return labelled(candidates, told.cells.of(values), "ensemble")


def agreement_of(members: Floats, mask: Mask) -> Floats:
    """Mean correlation of two members over each query's candidates, (Q,).

    Args:
        members: standardised values, (M, Q, K).
        mask: where there is a candidate, (Q, K).
    """
    count = len(members)
    if count < 2:
        return np.ones(members.shape[1])
    width = np.maximum(mask.sum(axis=1), 1)
    together = np.einsum("mqk,nqk->mnq", members, members) / width
    apart = together.sum(axis=(0, 1)) - np.einsum("mmq->q", together)
    return np.asarray(apart / (count * (count - 1)))
