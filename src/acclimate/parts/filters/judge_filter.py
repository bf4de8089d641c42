"""JudgeFilter: a language model looks whether a query's document meets it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import about_sources, verdicts
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class JudgeFilter:
    """Queries that a judge holds to be met by the document they were written from.

    The judge answers true or false; where its server gives log-probabilities, the probability of
    "true" among the two is compared with `threshold`. Queries without a source document stay;
    those on which the judge gives no verdict leave.

    Rows: [112].

    Paper:   Weller, Van Durme, Lawrie, Paranjape, Zhang, Hessel, Promptriever: Instruction-Trained
             Retrievers Can Be Prompted Like Language Models, ICLR 2025.
             https://arxiv.org/abs/2409.11136
    Code:    orionw/promptriever (filtering by FollowIR-7B, softmax over "false" and "true").
    Differs: any judge, our own wording.
    Cost:    one judgement per query.

    Args:
        writer: judges; another model than wrote the queries, if there is one.
        threshold: probability of "true" at least. Paper: 0.5.

    Returns:
        The queries kept, in their order.
    """

    writer: Ref[Writer]
    threshold: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability."""
        if not 0 < self.threshold <= 1:
            raise RecipeError(
                f"JudgeFilter(threshold={self.threshold}) must be above 0 and at most 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep those that are met."""
        rows, questions = about_sources(corpus, queries)
        met = verdicts(self.writer, load("relevant"), questions, ctx, threshold=self.threshold)
        kept = np.ones(len(queries), dtype=bool)
        kept[rows] = [verdict is True for verdict in met]
        silent = met.count(None)
        ctx.note(
            "dropped",
            {"not met by its document": int((~kept).sum()) - silent, "no verdict": silent},
        )
        return queries.keep(kept)
