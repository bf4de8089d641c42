"""RandomDocuments: documents that nobody looked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.models.ref import Hits, Integers
from acclimate.parts._hashing import Hashes, hashes, mixed, salt
from acclimate.parts._sources import sources
from acclimate.parts.miners._found import candidates
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
        key = salt(ctx, self)
        positions = _drawn(hashes(queries["query_id"], key), source, len(corpus), self.count)
        own = np.where(source >= 0, 0.0, -np.inf).astype(np.float32)
        found = np.concatenate([source[:, None], positions], axis=1)
        scores = np.where(found >= 0, 0.0, -np.inf).astype(np.float32)
        return candidates(
            "random", corpus, queries, Hits(found, scores), source, own, self.count, ctx
        )


def _drawn(luck: Hashes, source: Integers, size: int, count: int) -> Integers:
    """`count` distinct rows below `size` for each query, never its source, (Q, count); -1 ends."""
    wanted = np.minimum(count, size - (source >= 0))
    drawn = np.full((len(luck), count), -1, dtype=np.int64)
    for row, (own, many) in enumerate(zip(source, wanted, strict=True)):
        tries = np.arange(2 * count + 8, dtype=np.uint64)
        picked = mixed(np.full(len(tries), luck[row], dtype=np.uint64), tries) % np.uint64(size)
        distinct = [p for p in dict.fromkeys(picked.tolist()) if p != own]
        if len(distinct) < many:
            order = np.argsort(mixed(np.full(size, luck[row]), np.arange(size, dtype=np.uint64)))
            distinct = [p for p in order.tolist() if p != own]
        drawn[row, :many] = distinct[:many]
    return drawn
