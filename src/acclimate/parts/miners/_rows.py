"""Rows: candidates from numbers, and numbers of candidates.

Shapes: N candidates.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from acclimate.models.ref import Floats, Integers
from acclimate.parts._codes import places_within
from acclimate.parts._pairs import pairs
from acclimate.parts._sources import sources
from acclimate.tables import Candidates, Corpus, Queries


def rows(
    query: Integers,
    document: Integers,
    score: Floats,
    miner: pa.Array,
    corpus: Corpus,
    queries: Queries,
) -> Candidates:
    """Candidates in this order, each query's together, ranked from 1 as they come.

    Args:
        query: rows of the queries, (N,).
        document: rows of the documents, (N,).
        score: (N,).
        miner: its name, (N,).
        corpus: the documents.
        queries: the queries.
    """
    return Candidates.columns(
        query_id=queries.rows.column("query_id").take(pa.array(query)),
        doc_id=corpus.rows.column("doc_id").take(pa.array(document)),
        rank=places_within(query, np.arange(len(query))) + 1,
        score=score,
        is_source=sources(corpus, queries)[query] == document,
        miner=miner,
    )


def cells(found: Candidates, corpus: Corpus, queries: Queries) -> Integers:
    """One number for the query and the document of each candidate, (N,)."""
    query, document = pairs(corpus, queries, found)
    return query * max(1, len(corpus)) + document


def places_of(wanted: Integers, known: Integers) -> Integers:
    """Where each wanted number is among the known ones, (W,); -1 where it is none of them.

    Example:
        >>> places_of(np.array([7, 5, 7]), np.array([9, 7])).tolist()
        [1, -1, 1]
    """
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    at = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
    return np.where(known[at] == wanted, at, -1)


def named(found: Candidates, at: Integers, other: str) -> pa.Array:
    """The miners of the candidates at these places, (N,); `other` where the place is -1."""
    names = pa.concat_arrays([found.rows.column("miner").combine_chunks(), pa.array([other])])
    return names.take(pa.array(np.where(at >= 0, at, len(found))))


def folded(
    hop: Candidates, query: Integers, asked: Queries, corpus: Corpus, queries: Queries
) -> Candidates:
    """What was found for the longer queries, as found for theirs: each document at its best rank.

    Args:
        hop: found for `asked`.
        query: row of the query that each of `asked` is of, (A,).
        asked: the longer queries.
        corpus: the documents.
        queries: the queries.
    """
    lead, document = pairs(corpus, asked, hop)
    of = query[lead]
    order = np.lexsort((lead, hop.array("rank"), of))
    _, first = np.unique(of[order] * max(1, len(corpus)) + document[order], return_index=True)
    best = order[np.sort(first)]
    table = hop.take(best).rows
    score = np.asarray(table.column("score"))
    return rows(of[best], document[best], score, table.column("miner"), corpus, queries)
