"""AdaptiveExpansion: a teacher looks next at the neighbours of what it likes."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import isfinite

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import Approximate, Flat
from acclimate.models.student import Student
from acclimate.parts._pairs import pairs
from acclimate.parts._sources import sources
from acclimate.parts.miners._lists import labelled_by
from acclimate.parts.miners._rows import cells, named, places_of, rows
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Labeller, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

EXPANDED = "neighbour"
"""The miner of a candidate that only its neighbours led to."""


@dataclass(frozen=True, kw_only=True)
class AdaptiveExpansion:
    """What another miner finds, and what lies near to the best of it, `budget` documents in all.

    A teacher labels the first documents of a search, then the neighbours of those it values most,
    then the next ones of the search, and so on by turns. Relevant documents lie near each other:
    with as many teacher calls more of them are met than down a list, also such as the search
    would never have found. What a scorer says is in the ledger: labelling the candidates in the
    next step asks it nothing.

    Paper:   MacAvaney, Tonellotto, Macdonald, Adaptive Re-Ranking with a Corpus Graph, CIKM 2022.
             https://arxiv.org/abs/2208.08942
    Code:    terrierteam/pyterrier_adaptive, gar.py.
    Differs: the source of the query is labelled first, so that its neighbours are met; neighbours
             are sought for the documents that are labelled, and not for the whole corpus.
    Cost:    that of the miner, `budget` labels of each query, and a search for each distinct
             document that is labelled; from 20,000 documents on in cells of an inverted file.

    Args:
        miner: finds the first documents.
        labeller: values documents; its values must not depend on what else is labelled with them,
            as those of `labellers.Score` and `labellers.Fusion` do not.
        budget: documents labelled of each query, the source among them.
        batch: documents of a turn. Code: 16.
        neighbours: of a document.
        encoder: by whose vectors documents are neighbours. None: that which the student started
            from.

    Returns:
        The labelled documents with the teacher's values as scores, for each query by falling
        score; those without a label are left out, but for the source. The miner of what only
        neighbours led to is "neighbour".
    """

    labeller: Labeller
    miner: Miner = field(default_factory=Union)
    budget: int = 32
    batch: int = 8
    neighbours: int = 8
    encoder: Dense | None = None

    def __post_init__(self) -> None:
        """Refuse to look at nothing."""
        if min(self.budget, self.batch, self.neighbours) < 1:
            raise RecipeError(
                f"AdaptiveExpansion(budget={self.budget}, batch={self.batch}, "
                f"neighbours={self.neighbours}): give 1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Label and expand by turns."""
        found: Candidates = apply(self.miner, (corpus, queries, student), ctx)
        searches = _searches(found, corpus, queries)
        encoder = self.encoder or student.start
        index = Approximate(encoder) if isinstance(encoder, Dense) else Flat(encoder)
        graph = _Graph(index, corpus, self.neighbours, ctx)
        for turn in ctx.track(count(), "expanding", None):
            asked = [
                (query, row)
                for query, search in enumerate(searches)
                for row in search.next(turn, self.batch, self.budget)
            ]
            if not asked:
                break
            table = _table(asked, [0.0] * len(asked), found, corpus, queries)
            values = labelled_by(self.labeller, corpus, queries, table, student, ctx).tolist()
            for (query, row), value in zip(asked, values, strict=True):
                searches[query].told[row] = value
            self._expand(asked, searches, graph)
        ranked = [
            (query, row, value)
            for query, search in enumerate(searches)
            for row, value in search.ranked()
        ]
        pairs_told = [(query, row) for query, row, _ in ranked]
        result = _table(pairs_told, [value for _, _, value in ranked], found, corpus, queries)
        met = result.rows.column("miner").to_pylist().count(EXPANDED)
        labelled = sum(len(search.told) for search in searches)
        ctx.note("expanded", {"labelled": labelled, "met by a neighbour only": met})
        return result

    def _expand(
        self, asked: Sequence[tuple[int, int]], searches: Sequence[_Search], graph: _Graph
    ) -> None:
        """Let the neighbours of what was labelled wait, where more can be labelled."""
        liked = [
            (query, row)
            for query, row in asked
            if isfinite(searches[query].told[row]) and len(searches[query].told) < self.budget
        ]
        near = graph.of(row for _, row in liked)
        for query, row in liked:
            searches[query].meet(near[row], row)


@dataclass(eq=False)
class _Search:
    """One query.

    Args:
        source: row of its source; -1 is none.
        found: rows of what the miner found and nobody labelled yet, the source first, then by rank.
        waiting: neighbours nobody labelled yet, by the highest value of what they are near to.
        told: values of what is labelled, in that order; NaN where the labeller said nothing.
    """

    source: int
    found: list[int] = field(default_factory=list)
    waiting: dict[int, float] = field(default_factory=dict)
    told: dict[int, float] = field(default_factory=dict)

    def next(self, turn: int, batch: int, budget: int) -> list[int]:
        """What is labelled in this turn: of what was found and of what waits by turns."""
        size = min(batch, budget - len(self.told))
        if self.found and (turn % 2 == 0 or not self.waiting):
            picked = self.found[:size]
        else:
            picked = heapq.nsmallest(size, self.waiting, key=lambda row: (-self.waiting[row], row))
        gone = set(picked)
        self.found = [row for row in self.found if row not in gone]
        for row in picked:
            self.waiting.pop(row, None)
        return picked

    def meet(self, neighbours: Iterable[int], row: int) -> None:
        """Let the neighbours of a labelled document wait with its value."""
        value = self.told[row]
        for near in neighbours:
            if near not in self.told:
                self.waiting[near] = max(self.waiting.get(near, value), value)

    def ranked(self) -> list[tuple[int, float]]:
        """The labelled documents by falling value; a source without one comes last."""
        known = {row: value for row, value in self.told.items() if isfinite(value)}
        if self.source in self.told and self.source not in known:
            known[self.source] = min(known.values(), default=0.0)
        return sorted(known.items(), key=lambda told: -told[1])


class _Graph:
    """The nearest documents of documents, found when they are asked for."""

    def __init__(self, index: IndexRef, corpus: Corpus, count: int, ctx: Context) -> None:
        self._index, self._contents, self._count, self._ctx = index, corpus.contents, count, ctx
        self._near: dict[int, list[int]] = {}

    def of(self, rows_: Iterable[int]) -> dict[int, list[int]]:
        """Rows of the nearest documents, the nearest first, for these documents at least."""
        new = sorted(set(rows_) - self._near.keys())
        if new:
            depth = min(self._count + 1, len(self._contents))
            asked = [self._contents[row] for row in new]
            hits = self._ctx.engine.search(self._index, self._contents, asked, depth=depth)
            for row, near in zip(new, hits.positions.tolist(), strict=True):
                self._near[row] = [other for other in near if other not in (row, -1)][: self._count]
        return self._near


def _searches(found: Candidates, corpus: Corpus, queries: Queries) -> list[_Search]:
    """One for each query, in their order."""
    searches = [_Search(source) for source in sources(corpus, queries).tolist()]
    query, document = pairs(corpus, queries, found)
    order = np.lexsort((found.array("rank"), ~found.array("is_source").astype(bool), query))
    for row, asked in zip(document[order].tolist(), query[order].tolist(), strict=True):
        searches[asked].found.append(row)
    return searches


def _table(
    asked: Sequence[tuple[int, int]],
    score: Sequence[float],
    found: Candidates,
    corpus: Corpus,
    queries: Queries,
) -> Candidates:
    """Candidates of (query, document) pairs in this order."""
    query, document = np.asarray(asked, dtype=np.int64).reshape(-1, 2).T
    at = places_of(query * max(1, len(corpus)) + document, cells(found, corpus, queries))
    miner = named(found, at, EXPANDED)
    return rows(query, document, np.asarray(score, dtype=np.float32), miner, corpus, queries)
