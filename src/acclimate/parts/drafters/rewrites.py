"""Rewrites: what a conversation came to ask, written so that it is understood without it."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question
from acclimate.parts.drafters._written import drafted, training
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries

KIND = "rewrite"


@dataclass(frozen=True, kw_only=True)
class Rewrites:
    """Several wordings of each query that trains, each of which stands by itself.

    Queries of conversations speak of "it" and "the second one". A language model writes what they
    ask as searches that need no conversation; which of them finds what answers it,
    `drafters.MarginalAnswer` says. The wordings are drafts: they teach the student what a
    conversation asks, and are never found.

    Rows: [040].

    Paper:   AdaQR: Adaptive Query Rewriting, EMNLP 2024. https://arxiv.org/abs/2406.10991
    Code:    none followed.
    Differs: our own wording; the writer is not trained on rewrites of people first.
    Cost:    `each` generations per query.

    Args:
        writer: writes, drawing at a temperature of 1.
        each: wordings of a query; equal ones are there once. Paper: 3.

    Returns:
        Drafts in the order of the queries, of value 0: nothing is known of them yet.
    """

    writer: Ref[Writer]
    each: int = 3

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.each < 1:
            raise RecipeError(f"Rewrites(each={self.each}): give 1 or more.")

    @property
    def per_query(self) -> int:
        """Generations for each query."""
        return self.each

    def __call__(self, queries: Queries, ctx: Context) -> Drafts:
        """Write the wordings."""
        asked = {
            query["query_id"]: Question(data={"query": query["text"]})
            for query in training(queries)
        }
        return drafted(self, self.writer, asked, [(KIND, 0.0, "rewrite", self.each)], ctx)
