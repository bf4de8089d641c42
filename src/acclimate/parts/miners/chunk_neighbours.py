"""ChunkNeighbours: pieces of other documents that are like a piece, and what follows them there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import pairs
from acclimate.parts._sources import sources
from acclimate.parts.miners._places import families
from acclimate.parts.miners._rows import rows
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class ChunkNeighbours:
    """What another miner finds in other documents, each with the piece that follows it.

    Where a piece asks for what comes next (`generators.NextChunk`), what came next elsewhere, after
    a piece like it, says more than that piece itself. Neighbours of its own document are no help
    but a leak: they repeat what is to be foreseen, so that only the source stays of it.

    Pieces are documents of one parent or, without parents, of one title, in the order of the
    corpus.

    Rows: [050].

    Paper:   Borgeaud et al., Improving Language Models by Retrieving from Trillions of Tokens,
             2021. https://arxiv.org/abs/2112.04426
    Code:    none followed.
    Differs: neighbour and continuation are two candidates, where the paper gives both as one
             value; any miner, where the paper has L2 between means of BERT's vectors; pieces are as
             long as the student reads, and not 64 tokens.
    Cost:    that of the miner.

    Args:
        miner: finds the neighbours. Paper: a frozen encoder.
        count: neighbours of each query.
        continuation: whether what follows a neighbour comes with it.

    Returns:
        Candidates: the source with the score that the miner gives it, then each neighbour and what
        follows it, with the neighbour's score, by falling score; `miner` says "neighbour" or
        "continuation".
    """

    miner: Miner = field(default_factory=WithStudent)
    count: int = 4
    continuation: bool = True

    def __post_init__(self) -> None:
        """Refuse no neighbour."""
        if self.count < 1:
            raise RecipeError(f"ChunkNeighbours(count={self.count}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Find the neighbours."""
        inner = replace(ctx, notes={})
        found: Candidates = apply(self.miner, (corpus, queries, student), inner)
        if not len(found):
            return found
        family, source = families(corpus), sources(corpus, queries)
        query, document = pairs(corpus, queries, found)
        score = found.array("score").astype(np.float64)
        own = np.where(source >= 0, family[source], -1)
        is_source = document == source[query]
        leaks = ~is_source & (family[document] == own[query])
        near = self._nearest(query, score, ~is_source & ~leaks)
        kind = np.where(is_source, 0, 1)
        parts = [(query, document, score, kind, near | is_source)]
        if self.continuation:
            after = _following(family)[document]
            there = near & (after >= 0)
            parts.append((query, after, score, np.full(len(query), 2), there))
        table = [np.concatenate([part[n][part[4]] for part in parts]) for n in range(4)]
        ctx.note("left out", {"pieces of the source's document": int(leaks.sum())})
        return _told(table, corpus, queries)

    def _nearest(self, query: Integers, score: Array, among: Array) -> Array:
        """Which candidates are the first of their query, (N,)."""
        chosen = np.flatnonzero(among)
        order = chosen[np.lexsort((-score[chosen], query[chosen]))]
        _, starts, counts = np.unique(query[order], return_index=True, return_counts=True)
        place = np.arange(len(order)) - np.repeat(starts, counts)
        first = np.zeros(len(query), dtype=bool)
        first[order[place < self.count]] = True
        return first


def _following(family: Integers) -> Integers:
    """The row of the piece that follows each in its document, (D,); -1 behind the last."""
    after = np.full(len(family), -1, dtype=np.int64)
    order = np.argsort(family, kind="stable")
    same = family[order][1:] == family[order][:-1]
    after[order[:-1][same]] = order[1:][same]
    return after


def _told(table: list[Array], corpus: Corpus, queries: Queries) -> Candidates:
    """Candidates of (query, document, score, kind), each pair once, as what it is first."""
    query, document, score, kind = table
    order = np.lexsort((kind, -score, query))
    cell = query * len(corpus) + document
    _, first = np.unique(cell[order], return_index=True)
    chosen = order[np.sort(first)]
    names = pa.array(["source", "neighbour", "continuation"])
    return rows(
        query[chosen],
        document[chosen],
        score[chosen].astype(np.float32),
        names.take(pa.array(kind[chosen])),
        corpus,
        queries,
    )
