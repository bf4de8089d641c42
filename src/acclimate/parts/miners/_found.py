"""From what a search found to candidates: the source document is there, marked and in its place."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from acclimate.engines.engine import IndexRef
from acclimate.models.ref import Floats, Hits, Integers
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

_QUERIES_AT_ONCE = 20_000


def searched(
    index: IndexRef,
    name: str,
    corpus: Corpus,
    queries: Queries,
    depth: int,
    ctx: Context,
) -> Candidates:
    """The `depth` best other documents of each query, and its source document among them.

    Args:
        index: what searches.
        name: the miner.
        corpus: the documents.
        queries: the queries.
        depth: how many documents besides the source.
        ctx: lends the engine.
    """
    if not len(corpus) or not len(queries):
        return Candidates.empty()
    contents, texts, source = corpus.contents, queries["text"], sources(corpus, queries)
    hits = ctx.engine.search(index, contents, texts, depth=min(depth + 1, len(corpus)))
    own = _own_scores(index, contents, texts, source, hits, ctx)
    return candidates(name, corpus, queries, hits, source, own, depth, ctx)


def _own_scores(
    index: IndexRef,
    contents: list[str],
    texts: list[str],
    source: Integers,
    hits: Hits,
    ctx: Context,
) -> Floats:
    """The score of each query's source document, (Q,): asked for where it was not found."""
    own = np.full(len(texts), -np.inf, dtype=np.float32)
    is_own = (hits.positions == source[:, None]) & (source >= 0)[:, None]
    rows, columns = np.nonzero(is_own)
    own[rows] = hits.scores[rows, columns]
    missed = np.flatnonzero((source >= 0) & ~is_own.any(axis=1))
    if len(missed):
        rated = ctx.engine.search(
            index, contents, [texts[row] for row in missed], among=source[missed][:, None]
        )
        own[missed] = rated.scores[:, 0]
    return own


def candidates(
    name: str,
    corpus: Corpus,
    queries: Queries,
    hits: Hits,
    source: Integers,
    own: Floats,
    depth: int,
    ctx: Context,
) -> Candidates:
    """Rows of the hits with ranks from 1, the source document in its place by score.

    Args:
        name: the miner.
        corpus: the documents.
        queries: the queries.
        hits: what was found, best first; -inf is nothing.
        source: row of the source document of each query, -1 for none.
        own: its score.
        depth: how many documents besides the source.
        ctx: shows progress and takes the note of how often the source was found.
    """
    doc_ids = corpus.rows.column("doc_id").combine_chunks()
    query_ids = queries.rows.column("query_id").combine_chunks()
    tables = []
    for start in ctx.track(range(0, len(queries), _QUERIES_AT_ONCE), f"ranking by {name}", None):
        part = slice(start, start + _QUERIES_AT_ONCE)
        rows, positions, scores, ranks = _ranked(
            hits.positions[part], hits.scores[part], source[part], own[part], depth
        )
        tables.append(
            Candidates.columns(
                query_id=query_ids.take(pa.array(rows + start)),
                doc_id=doc_ids.take(pa.array(positions)),
                rank=ranks,
                score=scores,
                is_source=positions == source[part][rows],
                miner=pa.array([name]).take(pa.array(np.zeros(len(rows), dtype=np.int64))),
            )
        )
    found = Candidates.joined(tables)
    ctx.note("mined", {"miner": name, "candidates": len(found), **_recall(hits, source)})
    return found


def _ranked(
    positions: Integers, scores: Floats, source: Integers, own: Floats, depth: int
) -> tuple[Integers, Integers, Floats, Integers]:
    """(query row, document row, score, rank) of every candidate, queries in order.

    Ties keep the order of the search; a source that it missed comes after its equals.
    """
    there = (positions >= 0) & ~np.isneginf(scores)
    is_own = (positions == source[:, None]) & (positions >= 0)
    there &= is_own | (np.cumsum(there & ~is_own, axis=1) <= depth)
    missed = (source >= 0) & ~(there & is_own).any(axis=1)
    positions = np.concatenate([positions, source[:, None]], axis=1)
    scores = np.concatenate([scores, own[:, None]], axis=1)
    there = np.concatenate([there, missed[:, None]], axis=1)
    order = np.argsort(np.where(there, -scores, np.inf), axis=1, kind="stable")
    rows, columns = np.nonzero(np.take_along_axis(there, order, axis=1))
    picked = order[rows, columns]
    return rows, positions[rows, picked], scores[rows, picked].astype(np.float32), columns + 1


def _recall(hits: Hits, source: Integers) -> dict[str, float | int]:
    """How often the source document was found, and how often it was first."""
    has = source >= 0
    if not has.any():
        return {}
    is_own = hits.positions[has] == source[has][:, None]
    return {
        "queries with a source": int(has.sum()),
        "source found": round(float(is_own.any(axis=1).mean()), 4),
        "source first": round(float(is_own[:, 0].mean()), 4),
    }
