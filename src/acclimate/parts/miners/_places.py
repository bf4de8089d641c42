"""Places: a few distinct ones of many, drawn evenly."""

from __future__ import annotations

import numpy as np

from acclimate.models.ref import Hits, Integers
from acclimate.parts._hashing import Hashes, mixed
from acclimate.parts.miners._found import candidates
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


def drawn(luck: Hashes, own: Integers, sizes: Integers, count: int) -> Integers:
    """`count` distinct places for each query, never its own, (Q, count); -1 ends.

    Work does not grow with the sizes, but where nearly all there is must be drawn.

    Args:
        luck: decides the draw, (Q,).
        own: the place that is not drawn, (Q,); -1 is none.
        sizes: places are below it, (Q,).
        count: how many, where there are so many.
    """
    wanted = np.minimum(count, sizes - (own >= 0))
    found = np.full((len(luck), count), -1, dtype=np.int64)
    tries = np.arange(2 * count + 8, dtype=np.uint64)
    for row in np.flatnonzero(wanted > 0).tolist():
        many, size = int(wanted[row]), int(sizes[row])
        picked = mixed(np.full(len(tries), luck[row], dtype=np.uint64), tries) % np.uint64(size)
        distinct = [p for p in dict.fromkeys(picked.tolist()) if p != own[row]]
        if len(distinct) < many:
            order = np.argsort(mixed(np.full(size, luck[row]), np.arange(size, dtype=np.uint64)))
            distinct = [p for p in order.tolist() if p != own[row]]
        found[row, :many] = distinct[:many]
    return found


def unranked(
    name: str, corpus: Corpus, queries: Queries, source: Integers, rows: Integers, ctx: Context
) -> Candidates:
    """Documents that were drawn, with score 0, behind the source of each query.

    Args:
        name: the miner.
        corpus: the documents.
        queries: the queries.
        source: row of the source of each query, (Q,); -1 is none.
        rows: of the documents drawn, (Q, count); -1 is none.
        ctx: shows progress.
    """
    found = np.concatenate([source[:, None], rows], axis=1)
    scores = np.where(found >= 0, 0.0, -np.inf).astype(np.float32)
    hits = Hits(found, scores)
    return candidates(name, corpus, queries, hits, source, scores[:, 0], rows.shape[1], ctx)


def families(corpus: Corpus) -> Integers:
    """A number for the document each piece is of, (D,): by its parent, else by its title."""
    codes: dict[tuple[str, str], int] = {}
    told = zip(corpus["doc_id"], corpus["title"], corpus["parent_id"], strict=True)
    names = [
        ("parent", parent) if parent else ("title", title) if title else ("alone", doc_id)
        for doc_id, title, parent in told
    ]
    return np.asarray([codes.setdefault(name, len(codes)) for name in names], dtype=np.int64)
