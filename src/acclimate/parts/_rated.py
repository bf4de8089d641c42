"""Rated: what each teacher said of each query, for parts that look at whole lists.

Shapes: N labels, Q queries, T teachers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.ref import Integers
from acclimate.parts._codes import coded, looked_up
from acclimate.tables import Labels, Queries

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Rated:
    """Labels by query and teacher: values of two teachers are never compared.

    Args:
        queries: how many there are, Q.
        teachers: how many there are, T.
        query: row of each label's query, (N,); Q where it is not among the queries.
        teacher: a number for its teacher, (N,).
        value: (N,).
        is_source: whether it is of the document its query was written from, (N,).
    """

    queries: int
    teachers: int
    query: Integers
    teacher: Integers
    value: Values
    is_source: Mask

    @property
    def best(self) -> Values:
        """A query's highest value, (Q, T); -inf where it has none."""
        best = np.full((self.queries + 1, self.teachers), -np.inf)
        np.maximum.at(best, (self.query, self.teacher), self.value)
        return best[:-1]

    @property
    def worst(self) -> Values:
        """A query's lowest value, (Q, T); inf where it has none."""
        worst = np.full((self.queries + 1, self.teachers), np.inf)
        np.minimum.at(worst, (self.query, self.teacher), self.value)
        return worst[:-1]

    @property
    def source(self) -> Values:
        """The value of a query's source document, (Q, T); NaN where it has none."""
        source = np.full((self.queries + 1, self.teachers), np.nan)
        rows = self.is_source
        source[self.query[rows], self.teacher[rows]] = self.value[rows]
        return source[:-1]

    def each(self, kept: Mask) -> Mask:
        """Of what is kept of queries and teachers, (Q, T), the labels, (N,); others stay."""
        outside = np.ones((1, self.teachers), dtype=bool)
        return np.asarray(np.concatenate([kept, outside])[self.query, self.teacher])


def rated(queries: Queries, labels: Labels) -> Rated:
    """The labels, by query and teacher."""
    asked, query_ids = coded(labels, "query_id")
    found, doc_ids = coded(labels, "doc_id")
    teacher, teachers = coded(labels, "teacher")
    rows = looked_up(query_ids, queries.position)
    query = np.where(rows < 0, len(queries), rows)[asked]
    numbers = {doc_id: number for number, doc_id in enumerate(doc_ids)}
    own = np.append(looked_up(queries["source_doc_id"], numbers), -1)
    return Rated(
        queries=len(queries),
        teachers=len(teachers),
        query=query,
        teacher=teacher,
        value=labels.array("value").astype(np.float64),
        is_source=found == own[query],
    )
