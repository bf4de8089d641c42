"""RandomDocuments: documents that nobody looked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._hashing import hashes, salt
from acclimate.parts._sources import sources
from acclimate.parts.miners._places import drawn, unranked
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class RandomDocuments:
    """Documents drawn evenly, so that a student sees what is plainly not about a query.

    A query's documents depend on its id, not on the other queries.

    Origin: random negatives; the contrast class of every dense retriever, e.g. Karpukhin et al.,
            Dense Passage Retrieval, EMNLP 2020. https://arxiv.org/abs/2004.04906
    Code:   none followed.
    Differs: nothing known.
    Cost:   none to speak of.

    Args:
        count: documents of each query besides its source.

    Returns:
        Candidates with score 0, the source document first; fewer where the corpus is smaller.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> found = RandomDocuments(count=3)(toys.CORPUS, toys.WRITTEN.head(1), Context())
        >>> found["rank"], found["is_source"]
        ([1, 2, 3, 4], [True, False, False, False])
    """

    count: int = 10

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Draw the documents."""
        if not len(corpus) or not len(queries):
            return Candidates.empty()
        source = sources(corpus, queries)
        luck = hashes(queries["query_id"], salt(ctx, self))
        positions = drawn(luck, source, np.full(len(luck), len(corpus)), self.count)
        return unranked("random", corpus, queries, source, positions, ctx)
