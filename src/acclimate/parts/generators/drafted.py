"""Drafted: queries that were written together with their documents."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._words import normal
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
        The queries in their order, then one of kind "drafted" for each that the drafts bring, but
        for those that have the words of a held-out query. Drafts of queries that are there already
        bring none.
    """

    def __call__(self, queries: Queries, drafts: Drafts, ctx: Context) -> Queries:
        """Put the drafts' queries behind the others."""
        known = set(queries["query_id"])
        held = {normal(text) for text in queries.of_split("heldout")["text"]}
        asked = {
            query_id: asks
            for query_id, asks in zip(drafts["query_id"], drafts["asks"], strict=True)
            if asks is not None and query_id not in known
        }
        brought = {name: asks for name, asks in asked.items() if normal(asks) not in held}
        ctx.note("drafted", len(brought))
        ctx.note("dropped", {"same words as a held-out query": len(asked) - len(brought)})
        new = Queries.of(
            {"query_id": query_id, "text": asks, "kind": KIND, "split": "train"}
            for query_id, asks in brought.items()
        )
        return Queries.joined([queries, new])
