"""Arena: held-out queries and the documents among which systems are compared on them.

Shapes: Q queries, K documents of a ranking, P judged documents of a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from acclimate.models.indexes.ranking import union
from acclimate.models.ref import Floats, Hits, Integers
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.evaluators.gains import gains_in_order, gains_of
from acclimate.parts.evaluators.ranked import rank
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries

DEPTH = 100
"""Ranks of BM25 and the base model that documents are drawn from."""


@dataclass(frozen=True, eq=False)
class Arena:
    """Held-out queries, and documents that are hard to tell apart for them.

    Args:
        corpus: all documents.
        rows: those that are compared among, (D,); rankings count in these.
        queries: the held-out queries.
        sources: place in `rows` of the document each query was written from, (Q,); -1 where
            there is none.
    """

    corpus: Corpus
    rows: Integers
    queries: Queries
    sources: Integers

    @property
    def documents(self) -> Corpus:
        """The documents that are compared among."""
        return self.corpus.take(self.rows)


def arena(
    corpus: Corpus, queries: Queries, student: Student, ctx: Context, *, documents: int
) -> Arena:
    """The documents among which to compare: at most `documents`, the hardest first.

    Every system ranks the same documents. On a large corpus, encoding all of it once per system
    would cost more than the training; the documents that the base model and BM25 rank first are
    those that decide.
    """
    rows = np.arange(len(corpus), dtype=np.int64)
    sources = [corpus.position.get(d, -1) for d in queries["source_doc_id"]]
    if len(corpus) > documents:
        # What a reranker finds, BM25 has found.
        reads = isinstance(student.start, CrossEncoder)
        base = {} if reads else {"base": student.start}
        found = rank(corpus.contents, queries["text"], base, ctx, depth=DEPTH)
        rows = _first([s for s in sources if s >= 0], found, documents)
    place = {row: at for at, row in enumerate(rows.tolist())}
    return Arena(
        corpus, rows, queries, np.asarray([place.get(s, -1) for s in sources], dtype=np.int64)
    )


def _first(own: list[int], found: Mapping[str, Hits], count: int) -> Integers:
    """Sources, then the first ranks of all queries and systems, until there are enough."""
    chosen = dict.fromkeys(own)
    for column in range(max(hits.positions.shape[1] for hits in found.values())):
        if len(chosen) >= count:
            break
        for hits in found.values():
            chosen.update(dict.fromkeys(hits.positions[:, column : column + 1].ravel().tolist()))
    chosen.pop(-1, None)
    kept = list(chosen)[: max(count, len(set(own)))]
    return np.asarray(sorted(kept), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Judgements:
    """What the teacher says of the documents that any system ranks high.

    Args:
        positions: judged documents, (Q, P); -1 is none.
        gains: 1 for the teacher's best document of a query, less for others, 0 for the document
            it was written from, (Q, P).
        labels: the teacher's own words, sources included.
    """

    positions: Integers
    gains: Floats
    labels: Labels

    def of(self, ranked: Integers) -> Floats:
        """Gains of ranked documents, (Q, K); 0 where the teacher was not asked."""
        return gains_in_order(ranked, self.positions, self.gains)


def judge(
    where: Arena,
    rankings: Mapping[str, Integers],
    teacher: Labeller,
    student: Student,
    ctx: Context,
) -> Judgements:
    """Ask the teacher about the documents of all rankings (Q, K), and about the sources.

    The document a query was written from gains nothing: its words are the query's words, and a
    system would be praised for finding copies. What remains are documents the query was not made
    from, as for a query that somebody asks.
    """
    pool = union([*rankings.values(), where.sources[:, None]])
    line, place = np.nonzero(pool >= 0)
    is_source = pool[line, place] == where.sources[line]
    ids, names = where.documents["doc_id"], where.queries["query_id"]
    cells = {
        (names[q], ids[pool[q, p]]): (q, p)
        for q, p in zip(line.tolist(), place.tolist(), strict=True)
    }
    candidates = Candidates.columns(
        query_id=[query for query, _ in cells],
        doc_id=[doc for _, doc in cells],
        rank=place + 1,
        score=np.zeros(len(cells), dtype=np.float32),
        is_source=is_source,
        miner=["gate"] * len(cells),
    )
    labels: Labels = apply(teacher, (where.corpus, where.queries, candidates, student), ctx)
    values = np.full(pool.shape, np.nan, dtype=np.float32)
    rows = zip(labels["query_id"], labels["doc_id"], labels["value"], strict=True)
    for query, doc, value in rows:
        values[cells[query, doc]] = value
    values[line[is_source], place[is_source]] = np.nan
    return Judgements(pool, gains_of(values), labels)


def without(found: Integers, sources: Integers) -> Integers:
    """Rankings (Q, K) without the sources (Q,): what was behind them moves up."""
    kept = np.where(found == sources[:, None], -1, found)
    kept = np.where(sources[:, None] < 0, found, kept)
    order = np.argsort(kept < 0, axis=1, kind="stable")
    return np.take_along_axis(kept, order, axis=1)
