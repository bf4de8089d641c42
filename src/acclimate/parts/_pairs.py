"""Pairs: candidates as rows of the queries and of the corpus, and labels for them.

Shapes: N candidates, Q queries, K candidates of a query.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from acclimate.errors import TableError
from acclimate.models.ref import Floats, Integers
from acclimate.tables import Candidates, Corpus, Labels, Queries, Table


def pairs(corpus: Corpus, queries: Queries, candidates: Candidates) -> tuple[Integers, Integers]:
    """Rows of each candidate's query and document, (N,) and (N,).

    Raises:
        TableError: when a candidate names a query or a document that is not there.
    """
    return _rows(candidates, "query_id", queries), _rows(candidates, "doc_id", corpus)


def _rows(candidates: Candidates, column: str, table: Table) -> Integers:
    ids = table.rows.column(table.key[0]).combine_chunks()
    rows = pc.index_in(candidates.rows.column(column), value_set=ids)
    if rows.null_count:
        missing = candidates.rows.column(column)[pc.index(pc.is_null(rows), value=True).as_py()]
        raise TableError(
            f"Candidates name the {column} {missing.as_py()!r}, which {table!r} lacks. "
            "Give the tables they were mined from."
        )
    return np.asarray(rows).astype(np.int64)


def labelled(candidates: Candidates, values: Floats, teacher: str) -> Labels:
    """A label for each candidate, in their order; without those whose value is not a number."""
    known = np.isfinite(values)
    kept = candidates if known.all() else candidates.keep(known)
    return Labels.columns(
        query_id=kept.rows.column("query_id"),
        doc_id=kept.rows.column("doc_id"),
        value=np.asarray(values, dtype=np.float32)[known],
        teacher=[teacher] * len(kept),
    )


@dataclass(frozen=True, eq=False)
class Grid:
    """Candidates as a table of queries and places.

    Args:
        queries: row of each query that has candidates, (Q,).
        documents: rows of their candidates, (Q, K); -1 is none.
        line: in which line of the grid each candidate is, (N,).
        place: at which place of the line, (N,).
    """

    queries: Integers
    documents: Integers
    line: Integers
    place: Integers

    def of(self, values: Floats) -> Floats:
        """A (Q, K) grid's values by candidate, (N,)."""
        return np.asarray(values[self.line, self.place])


def grid(asked: Integers, found: Integers) -> Grid:
    """Pairs as a grid: one line per query, its candidates in their order."""
    queries, line, counts = np.unique(asked, return_inverse=True, return_counts=True)
    order = np.argsort(line, kind="stable")
    starts = np.cumsum(counts) - counts
    place = np.empty(len(asked), dtype=np.int64)
    place[order] = np.arange(len(asked)) - np.repeat(starts, counts)
    documents = np.full((len(queries), int(counts.max(initial=0))), -1, dtype=np.int64)
    documents[line, place] = found
    return Grid(queries, documents, line.reshape(-1), place)
