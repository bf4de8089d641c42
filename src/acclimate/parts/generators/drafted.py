"""Drafted: queries that were written together with their documents."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries

KIND = "drafted"


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """The queries, and behind them those that a drafter wrote with its drafts.

    They have no source: their document is a draft, which nobody can find. So they train, with
    `loops.WithDrafts`, and are never held out: put it behind `filters.HoldOut`.

    Rows: [078].

    Paper:   BMRetriever: Tuning Large Language Models as Better Biomedical Text Retrievers,
             EMNLP 2024. https://arxiv.org/abs/2404.18443
    Code:    none followed.
    Differs: nothing known.
    Cost:    none.

    Returns:
        The queries in their order, then one of kind "drafted" for each that the drafts bring; those
        whose drafts bring no text of theirs are known already.
    """

    def __call__(self, queries: Queries, drafts: Drafts, ctx: Context) -> Queries:
        """Put the drafts' queries behind the others."""
        known = set(queries["query_id"])
        brought = {
            query_id: asks
            for query_id, asks in zip(drafts["query_id"], drafts["asks"], strict=True)
            if asks is not None and query_id not in known
        }
        ctx.note("drafted", len(brought))
        new = Queries.of(
            {"query_id": query_id, "text": asks, "kind": KIND, "split": "train"}
            for query_id, asks in brought.items()
        )
        return Queries.joined([queries, new])
