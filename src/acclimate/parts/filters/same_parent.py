"""SameParent: no pieces of the document a query was written from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._sources import same_as_source
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SameParent:
    """Candidates without other pieces of the source document's parent.

    Neighbouring pieces of a split document overlap and continue each other: they often answer
    the query too, and would be false negatives.

    Origin: folklore of retrieval over split documents.
    Code:   none published.
    Differs: nothing known.
    Cost:   one pass over the candidates.

    Returns:
        The candidates kept, rows and order unchanged; the source itself always.

    Example:
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of([
        ...     {"doc_id": "a1", "title": "", "text": "one", "parent_id": "a"},
        ...     {"doc_id": "a2", "title": "", "text": "two", "parent_id": "a"},
        ...     {"doc_id": "b", "title": "", "text": "three"}])
        >>> queries = Queries.of([
        ...     {"query_id": "q", "text": "one", "source_doc_id": "a1", "split": "train"}])
        >>> found = Candidates.of([
        ...     {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "a1",
        ...      "miner": "m"} for r, d in enumerate(("a1", "a2", "b"), 1)])
        >>> SameParent()(corpus, queries, found, Context())["doc_id"]
        ['a1', 'b']
    """

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Candidates:
        """Drop the pieces."""
        families: dict[str, int] = {}
        ids = zip(corpus["doc_id"], corpus["parent_id"], strict=True)
        family = np.asarray(
            [families.setdefault(parent or doc_id, len(families)) for doc_id, parent in ids]
        )
        related = same_as_source(corpus, queries, candidates, family)
        dropped = related & ~candidates.array("is_source").astype(bool)
        ctx.note("dropped", {"pieces of the source's parent": int(dropped.sum())})
        return candidates.keep(~dropped)
