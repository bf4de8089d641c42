"""PositiveGain: queries that some document helps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class PositiveGain:
    """Queries of which some candidate has a value above a bar.

    Made for labels that are gains, as of labellers.ReaderLikelihood(gain=True): a document with a
    gain above 0 makes the text likelier than it is without one. Where no document does, the best
    of them is only the least bad, and no positive.

    Rows: [066].

    Paper:   Long-range Language Modeling with Self-retrieval (RPT), 2023.
             https://arxiv.org/abs/2306.13421
    Code:    none followed.
    Differs: queries leave, and not the single documents that do not help: these are what the
             others are told from.
    Cost:    one pass over the labels.

    Args:
        above: bar, in the teacher's units. Paper: 0.

    Returns:
        The queries kept, in their order; those without a label stay. Of several teachers each must
        find a document that helps.
    """

    above: float = 0.0

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Queries:
        """Keep those that are helped."""
        best = rated(queries, labels).best
        unhelped = np.asarray((np.isfinite(best) & (best <= self.above)).any(axis=1))
        ctx.note("dropped", {f"no document above {self.above:g}": int(unhelped.sum())})
        return queries.keep(~unhelped)
