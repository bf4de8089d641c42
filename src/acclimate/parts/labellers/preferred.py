"""Preferred: the first documents of a list are read, and those preferred are relevant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._codes import coded, places_within
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import values_of
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Preferred:
    """Labels 1 for the `top` documents another labeller prefers of the first `pool`, 0 behind them.

    A dear labeller looks at the head of a list only: what it prefers there is relevant. What it saw
    and did not prefer may be either, and is left out; what stands behind is not relevant. The
    document a query was written from is relevant besides, wherever it stands.

    Rows: [088].

    Paper:   Yu, Xiong, Yu, Liu, Augmentation-Adapted Retriever, ACL 2023.
             https://arxiv.org/abs/2305.17331
    Code:    OpenMatch/Augmentation-Adapted-Retriever.
    Differs: the source stands for the documents that people judged relevant; negatives come from
             behind the pool, where the paper's may be in it; queries whose source is preferred stay
             although they have fewer relevant documents.
    Cost:    that of the labeller, for `pool` candidates of each query.

    Args:
        labeller: looks at the first documents.
        pool: candidates looked at, by rank. Paper: 10.
        top: of them, relevant. Paper: 2.

    Returns:
        Labels of 1 and 0, in the order of the candidates. A query of which the labeller says
        nothing is left out.
    """

    labeller: Labeller
    pool: int = 10
    top: int = 2

    def __post_init__(self) -> None:
        """Refuse to prefer nothing, or everything."""
        if not 1 <= self.top <= self.pool:
            raise RecipeError(
                f"Preferred(pool={self.pool}, top={self.top}): give a top of 1 or more, and a pool "
                "that is not smaller."
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
        head = candidates.array("rank") <= self.pool
        source = candidates.array("is_source").astype(bool)
        things = (corpus, queries, candidates.keep(head), student)
        told = values_of(candidates, apply(self.labeller, things, ctx))
        query, _ = coded(candidates, "query_id")
        known = np.isfinite(told)
        order = np.lexsort((np.where(known, -told, np.inf), query))
        preferred = known & (places_within(query, order) < self.top)
        heard = np.bincount(query, weights=known, minlength=1)[query] > 0
        values = np.where(head, np.nan, 0.0)
        values[preferred | source] = 1.0
        ctx.note(
            "preferred",
            {"documents": int(preferred.sum()), "of them sources": int((preferred & source).sum())},
        )
        made = np.where(heard, values, np.nan).astype(np.float32)
        return labelled(candidates, made, f"preferred, {self.labeller!r}")
