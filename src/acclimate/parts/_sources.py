"""Where the document is that each query was written from."""

from __future__ import annotations

import numpy as np

from acclimate.errors import TableError
from acclimate.models.ref import Integers
from acclimate.tables import Corpus, Queries


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
