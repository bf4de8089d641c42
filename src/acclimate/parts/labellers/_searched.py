"""Searched: labels from an index that rates given documents."""

from __future__ import annotations

from acclimate.engines.engine import IndexRef
from acclimate.parts._pairs import grid, labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


def rated_by(
    index: IndexRef,
    teacher: str,
    corpus: Corpus,
    queries: Queries,
    candidates: Candidates,
    ctx: Context,
) -> Labels:
    """One label per candidate, in their order: the index's own score.

    Args:
        index: rates.
        teacher: what it is called.
        corpus: over which it is built.
        queries: the queries.
        candidates: what is rated.
        ctx: lends the engine.
    """
    cells = grid(*pairs(corpus, queries, candidates))
    texts = queries["text"]
    asked = [texts[row] for row in cells.queries]
    hits = ctx.engine.search(index, corpus.contents, asked, among=cells.documents)
    return labelled(candidates, cells.of(hits.scores), teacher)
