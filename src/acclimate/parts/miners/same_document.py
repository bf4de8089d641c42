"""SameDocument: other pieces of the document that a query's piece is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import places_within
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._sources import sources
from acclimate.parts.miners._places import drawn, families, unranked
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SameDocument:
    """Pieces of one document with the source, drawn evenly: near in subject, and not the answer.

    Pieces are documents of one parent or, without parents, of one title. Where neighbours overlap
    or repeat each other, some of them answer the query too: `filters.SubstringOverlap` drops those
    that share a run of words with it.

    Rows: [060], [074].

    Paper:   Ram, Shachaf, Levy, Berant, Globerson, Learning to Retrieve Passages without
             Supervision, NAACL 2022. https://arxiv.org/abs/2112.07708; pages of one context:
             RetroLM, 2025. https://arxiv.org/abs/2502.11444
    Code:    none followed.
    Differs: that a negative lacks the query's phrase is a filter's work.
    Cost:    none to speak of.

    Args:
        count: pieces of each query besides its source. Paper: 1.

    Returns:
        Candidates with score 0, the source first; a query whose source is alone has only that.
        They are drawn, so that `miners.Union` puts them last.

    Example:
        >>> corpus = Corpus.of(
        ...     {"doc_id": d, "title": "", "text": d, "parent_id": d[0]}
        ...     for d in ("a1", "a2", "b1"))
        >>> queries = Queries.of([
        ...     {"query_id": "q", "text": "?", "source_doc_id": "a2", "split": "train"}])
        >>> SameDocument()(corpus, queries, Context())["doc_id"]
        ['a2', 'a1']
    """

    count: int = 4

    def __post_init__(self) -> None:
        """Refuse to draw nothing."""
        if self.count < 1:
            raise RecipeError(f"SameDocument(count={self.count}): give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Draw the pieces."""
        if not len(corpus) or not len(queries):
            return Candidates.empty()
        source = sources(corpus, queries)
        family = families(corpus)
        by_family = np.argsort(family, kind="stable")
        place = places_within(family, by_family)
        size, start = np.bincount(family), np.searchsorted(family[by_family], family)
        known = source >= 0
        luck = hashes(queries["query_id"], salt(ctx, self))
        own, sizes = np.where(known, place[source], -1), np.where(known, size[family[source]], 0)
        places = drawn(luck, own, sizes, self.count)
        rows = np.where(places >= 0, by_family[start[source][:, None] + np.maximum(places, 0)], -1)
        return unranked("random piece", corpus, queries, source, rows, ctx)
