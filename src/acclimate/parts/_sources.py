"""Where the document is that each query was written from."""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.errors import TableError
from acclimate.models.ref import Integers
from acclimate.parts._codes import coded, looked_up
from acclimate.tables import Candidates, Corpus, Queries


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
) -> np.ndarray[Any, np.dtype[np.bool_]]:
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
