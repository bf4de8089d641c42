"""ScorePercentile: labels of the queries that found something good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class ScorePercentile:
    """Labels without those of the queries whose best document is among the poorest.

    The queries are ordered by their highest value; those below the percentile lose their labels,
    and so train nothing. The teacher finds no good document for them: they are unclear, or the
    corpus does not answer them. Queries that have no label count as the poorest, so that filtering
    twice changes nothing. With labels that are gains over no document it is the choice of
    training data of [004] PEARL.

    Rows: [004], [085].

    Paper:   Tamber et al., Teaching Dense Retrieval Models to Specialize with Listwise
             Distillation and LLM Data Augmentation, 2025. https://arxiv.org/abs/2502.19712
    Code:    manveertamber/enhancing_domain_adaptation.
    Differs: labels go, and not queries.
    Cost:    one sort of the queries.

    Args:
        percentile: of the queries' best values, 0 up to below 100. Paper: 25.

    Returns:
        The labels kept, in their order. Of queries that tie at the percentile all stay.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([{"query_id": q, "text": q, "split": "train"} for q in "abcd"])
        >>> labels = Labels.of([
        ...     {"query_id": q, "doc_id": "d", "value": v, "teacher": "t"}
        ...     for v, q in enumerate("dcba")])
        >>> ScorePercentile(percentile=25)(queries, labels, Context())["query_id"]
        ['c', 'b', 'a']
    """

    percentile: float = 25.0

    def __post_init__(self) -> None:
        """Refuse percentiles that there are not."""
        if not 0 <= self.percentile < 100:
            raise RecipeError(
                f"ScorePercentile(percentile={self.percentile}): give 0 or more and less than 100."
            )

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Labels:
        """Keep the labels of the better queries."""
        told = rated(queries, labels)
        if not told.best.size:
            return labels
        poorest = int(self.percentile / 100 * told.queries)
        bar = np.partition(told.best, poorest, axis=0)[poorest]
        better = told.best >= bar
        ctx.note("dropped", {"queries that found nothing good": int((~better).any(axis=1).sum())})
        return labels.keep(told.each(better))
