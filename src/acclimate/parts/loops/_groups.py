"""Groups: the labelled documents of each query, and which of them a step looks at.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute as pc

from acclimate.errors import TableError
from acclimate.models.ref import Floats, Integers
from acclimate.parts._hashing import hashes, mixed
from acclimate.tables import Candidates, Corpus, Labels, Queries, Table

Mask = np.ndarray[Any, np.dtype[np.bool_]]

ROWS = 16_384
"""Queries that are looked at together when all are."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a step looks at.

    Args:
        queries: rows of the queries, (B,).
        documents: rows of their documents, (B, K), the source first; -1 is none.
        values: the teacher's, (B, K); 0 where there is no document.
        reference: what a loss that takes one is told besides, (B, K); None: nothing.
        weights: of documents that were drawn, as logarithms, (B, K); None: nothing.
    """

    queries: Integers
    documents: Integers
    values: Floats
    reference: Floats | None = None
    weights: Floats | None = None

    def __len__(self) -> int:
        return len(self.queries)

    @property
    def mask(self) -> Mask:
        """Where there is a document, (B, K)."""
        return np.asarray(self.documents >= 0)

    @property
    def filled(self) -> Integers:
        """The documents, with the first one of the query where there is none, (B, K)."""
        return np.where(self.mask, self.documents, self.documents[:, :1])

    def rows(self, chosen: Integers) -> Drawn:
        """Some of its queries."""
        told = (None if t is None else t[chosen] for t in (self.reference, self.weights))
        return Drawn(self.queries[chosen], self.documents[chosen], self.values[chosen], *told)


@dataclass(frozen=True, eq=False)
class Groups:
    """The labelled documents of each training query, one group after the other.

    The first document of a group is the one its query was written from, or, where there is none,
    the one its teacher values most. The others stand in an order of chance.

    Args:
        queries: row of each group's query, (G,).
        starts: where each group begins in the two below, and the end, (G + 1,).
        documents: rows of the documents, (N,).
        values: the teacher's, (N,).
        references: what a loss that takes one is told besides, (N,); None: nothing.
        weights: of documents that were drawn, as logarithms, (N,); None: nothing.
    """

    queries: Integers
    starts: Integers
    documents: Integers
    values: Floats
    references: Floats | None = None
    weights: Floats | None = None

    def __len__(self) -> int:
        return len(self.queries)

    @property
    def widths(self) -> Integers:
        """Documents of each group, (G,)."""
        return np.diff(self.starts)

    def draw(self, groups: Integers, turns: Integers, width: int) -> Drawn:
        """The first document of each group and the next `width` − 1 others.

        Args:
            groups: which, (B,).
            turns: how often each was drawn before, (B,): each turn goes on where the one before
                ended, round and round, so that all documents are seen equally often.
            width: K.
        """
        start, others = self.starts[groups], self.widths[groups] - 1
        step = np.arange(width - 1)
        place = (turns[:, None] * (width - 1) + step) % np.maximum(others, 1)[:, None]
        there = step < others[:, None]
        cells = np.where(there, start[:, None] + 1 + place, 0)
        cells = np.concatenate([start[:, None], cells], axis=1)
        there = np.concatenate([np.ones((len(groups), 1), dtype=bool), there], axis=1)
        told = (
            t if t is None else np.where(there, t[cells], 0).astype(np.float32)
            for t in (self.references, self.weights)
        )
        return Drawn(
            self.queries[groups],
            np.where(there, self.documents[cells], -1),
            np.where(there, self.values[cells], 0).astype(np.float32),
            *told,
        )

    def keep(self, mask: Mask) -> Groups:
        """The groups where `mask` (G,) is true."""
        cells = np.repeat(mask, self.widths)
        widths = self.widths[mask]
        starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
        told = (t if t is None else t[cells] for t in (self.references, self.weights))
        return Groups(self.queries[mask], starts, self.documents[cells], self.values[cells], *told)

    def of(self, group: int) -> Integers:
        """Rows of a group's documents."""
        return self.documents[self.starts[group] : self.starts[group + 1]]

    def labels_of(self, group: int, documents: Integers) -> tuple[Floats, Mask]:
        """A group's labels of these documents, 0 where it has none, and where it has: both (U,)."""
        own, values = self.of(group), self.values[self.starts[group] : self.starts[group + 1]]
        order = np.argsort(own, kind="stable")
        place = np.minimum(np.searchsorted(own[order], documents), len(own) - 1)
        known: Mask = own[order][place] == documents
        return np.where(known, values[order][place], np.float32(0)), known


def grouped(corpus: Corpus, queries: Queries, labels: Labels, salt: int) -> Groups:
    """The groups of the training queries that have labels.

    Args:
        corpus: what documents there are.
        queries: those held out give no group.
        labels: a label that is not a number is left out.
        salt: decides the order of chance within a group.

    Raises:
        TableError: when a query has labels of several teachers.
    """
    asked, found = _rows(labels, "query_id", queries), _rows(labels, "doc_id", corpus)
    values = labels.array("value").astype(np.float32)
    trains = np.asarray(pc.equal(queries.rows.column("split"), "train"))
    known = (asked >= 0) & (found >= 0) & np.isfinite(values)
    known[known] &= trains[asked[known]]
    _check_teachers(queries, labels, asked, known)
    asked, found, values = asked[known], found[known], values[known]
    luck = mixed(hashes(queries["query_id"], salt)[asked], hashes(corpus["doc_id"], salt)[found])
    first = _first(queries, corpus, asked, found, values)
    order = np.lexsort((found, luck, ~first, asked))
    rows, starts = np.unique(asked[order], return_index=True)
    ends = np.concatenate([starts, [len(order)]]).astype(np.int64)
    return Groups(rows, ends, found[order], values[order])


def referred(groups: Groups, corpus: Corpus, queries: Queries, candidates: Candidates) -> Groups:
    """The groups, where a miner's scores are the reference: as ln Q, by which it drew.

    Raises:
        TableError: when a labelled document is no candidate of its query.
    """
    asked, found = _rows(candidates, "query_id", queries), _rows(candidates, "doc_id", corpus)
    cells = asked * len(corpus) + found
    wanted = np.repeat(groups.queries, groups.widths) * len(corpus) + groups.documents
    if missing := int((~np.isin(wanted, cells)).sum()):
        raise TableError(
            f"{missing} of {len(wanted)} labelled documents are no candidates of their query, and "
            "nobody says how likely they were drawn. Label the miner's candidates alone."
        )
    order = np.argsort(cells, kind="stable")
    place = order[np.searchsorted(cells[order], wanted)]
    return replace(groups, references=candidates.array("score").astype(np.float32)[place])


def _rows(told: Table, column: str, table: Table) -> Integers:
    """Rows of `table` that a column of another refers to; -1 where it has no such row."""
    ids = table.rows.column(table.key[0]).combine_chunks()
    rows = pc.index_in(told.rows.column(column), value_set=ids)
    return np.asarray(pc.fill_null(rows, -1)).astype(np.int64)


def _first(
    queries: Queries, corpus: Corpus, asked: Integers, found: Integers, values: Floats
) -> Mask:
    """Which labels are of the first document of their group."""
    ids = corpus.rows.column("doc_id").combine_chunks()
    rows = pc.index_in(queries.rows.column("source_doc_id"), value_set=ids)
    source = np.asarray(pc.fill_null(rows, -1)).astype(np.int64)
    first = np.asarray(source[asked] == found)
    led = np.zeros(len(queries), dtype=bool)
    led[asked[first]] = True
    order = np.lexsort((found, -values, asked))
    best = order[np.unique(asked[order], return_index=True)[1]]
    first[best[~led[asked[best]]]] = True
    return first


def _check_teachers(queries: Queries, labels: Labels, asked: Integers, known: Mask) -> None:
    """One query, one teacher: values of two are not in the same units."""
    codes = labels.rows.column("teacher").combine_chunks().dictionary_encode()
    teacher = np.asarray(codes.indices)[known]
    order = np.lexsort((teacher, asked[known]))
    query, teacher = asked[known][order], teacher[order]
    clash = np.flatnonzero((query[1:] == query[:-1]) & (teacher[1:] != teacher[:-1]))
    if len(clash):
        names = [codes.dictionary[int(teacher[clash[0] + i])].as_py() for i in (0, 1)]
        raise TableError(
            f"Query {queries['query_id'][int(query[clash[0]])]!r} has labels of {names[0]!r} and "
            f"of {names[1]!r}, in units of their own. Join teachers with labellers.Ensemble."
        )


@dataclass(frozen=True, eq=False)
class Turns:
    """In which order groups are drawn: all in an order of chance, then all in another.

    Args:
        count: how many groups there are.
        seed: decides the orders.
        topics: a number for each group, (count,): groups of one topic come one after the other,
            and topics in an order of chance. None: there are none.
    """

    count: int
    seed: int
    topics: Integers | None = None

    def at(self, places: Integers) -> tuple[Integers, Integers]:
        """The groups at these places of the order, and how often each was drawn before."""
        turns = places // self.count
        groups = np.empty_like(places)
        for turn in np.unique(turns):
            here = turns == turn
            groups[here] = self._order(int(turn))[places[here] % self.count]
        return groups, turns

    def _order(self, turn: int) -> Integers:
        kept = self._orders
        if turn not in kept:
            if len(kept) > 1:
                del kept[min(kept)]
            kept[turn] = self._shuffled(turn)
        return kept[turn]

    def _shuffled(self, turn: int) -> Integers:
        rng = np.random.Generator(np.random.PCG64([self.seed, turn]))
        order = rng.permutation(self.count)
        if self.topics is None:
            return order
        _, topic = np.unique(self.topics, return_inverse=True)
        place = rng.permutation(int(topic.max(initial=0)) + 1)
        return order[np.argsort(place[topic[order]], kind="stable")]

    @cached_property
    def _orders(self) -> dict[int, Integers]:
        """The last two orders: a batch may lie across the end of one."""
        return {}


def topics_of(queries: Queries, groups: Groups) -> Integers | None:
    """The topic of each group's query, (G,), one of its own where it has none; None: no topics."""
    column = queries.rows.column("topic")
    if column.null_count == len(column):
        return None
    told = np.asarray(pc.fill_null(column, -1)).astype(np.int64)[groups.queries]
    alone = told < 0
    told[alone] = told.max() + 1 + np.arange(int(alone.sum()))
    return told
