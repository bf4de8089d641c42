"""Where the document is that each query was written from."""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.errors import TableError
from acclimate.models.ref import Integers
from acclimate.parts._codes import coded, looked_up
from acclimate.parts._words import normal
from acclimate.tables import Candidates, Corpus, Queries

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def sources(corpus: Corpus, queries: Queries) -> Integers:
    """Row of each query's source document, (Q,) int64; -1 where it has none.

    Raises:
        TableError: when a query names a document that the corpus does not have.
    """
    position = corpus.position
    rows = np.full(len(queries), -1, dtype=np.int64)
    for place, source in enumerate(queries["source_doc_id"]):
        if source is not None:
            row = position.get(source)
            if row is None:
                raise TableError(
                    f"Query {queries['query_id'][place]!r} was written from document {source!r}, "
                    f"which is not among the {len(corpus):,} documents. Keep the corpus the "
                    "queries were written from, or leave source_doc_id empty."
                )
            rows[place] = row
    return rows


def same_as_source(
    corpus: Corpus, queries: Queries, candidates: Candidates, group: Integers
) -> Mask:
    """Whether each candidate's document is of the group of its query's source document, (N,).

    Args:
        corpus: the documents.
        queries: the queries.
        candidates: the candidates.
        group: a number for each document of the corpus.
    """
    source = sources(corpus, queries)
    own = np.where(source >= 0, group[source] if len(group) else -1, -1)
    query, query_ids = coded(candidates, "query_id")
    document, doc_ids = coded(candidates, "doc_id")
    of_query = own[looked_up(query_ids, queries.position)]
    of_document = group[looked_up(doc_ids, corpus.position)]
    return np.asarray(of_query[query] == of_document[document], dtype=bool)


def copies_of_source(corpus: Corpus, queries: Queries, candidates: Candidates) -> Mask:
    """Whether each candidate says the same as its query's source under another id, (N,).

    Capitals, punctuation and spaces do not count.
    """
    contents, own = corpus.contents, sources(corpus, queries)
    found = looked_up(candidates.rows.column("doc_id").unique().to_pylist(), corpus.position)
    wordings: dict[str, int] = {}
    group = np.full(len(corpus), -1, dtype=np.int64)
    for row in np.union1d(found, own[own >= 0]).tolist():
        group[row] = wordings.setdefault(normal(contents[row]), len(wordings))
    same = same_as_source(corpus, queries, candidates, group)
    return np.asarray(same & ~candidates.array("is_source").astype(bool))
