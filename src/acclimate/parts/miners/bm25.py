"""BM25: documents that share words with a query."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models import indexes
from acclimate.parts.miners._found import searched
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class BM25:
    """The documents that share the heaviest words with each query, and its source document.

    Documents that share no word are not found, so there may be fewer than `depth`.

    Paper:   Robertson, Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond,
             Foundations and Trends in Information Retrieval 2009.
    Code:    xhluca/bm25s, through models.indexes.BM25.
    Differs: the source document does not count towards `depth` (GPL searches for 50 and then
             takes it out, which leaves 49 or 50).
    Cost:    the postings of each query's words.

    Args:
        depth: documents of each query besides its source. Paper (GPL): 50.
        index: the lexical index and its settings.

    Returns:
        Candidates with BM25 scores, for each query by falling score.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> found = BM25(depth=2)(toys.CORPUS, toys.QUERIES.head(1), Context(engine=FakeEngine()))
        >>> found["doc_id"], found["rank"]
        (['chain', 'moon'], [1, 2])
    """

    depth: int = 50
    index: indexes.BM25 = indexes.BM25()  # noqa: RUF009 (a frozen value)

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Search."""
        return searched(self.index, "bm25", corpus, queries, self.depth, ctx)
