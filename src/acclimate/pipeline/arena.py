"""Arena: held-out queries and the documents among which systems are compared on them.

Shapes: Q queries, K documents of a query, P judged documents of a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts.part import Context, Labeller, apply
from acclimate.pipeline.systems import Ranked, rank, union
from acclimate.tables import Candidates, Corpus, Queries

SHARPNESS = 2.0
"""A document one standard deviation below the teacher's best has a gain of exp(-SHARPNESS)."""


@dataclass(frozen=True, eq=False)
class Arena:
    """Held-out queries, and documents that are hard to tell apart for them.

    Args:
        corpus: the documents: all, or those that BM25 and the base model find first.
        queries: the held-out queries.
        sources: row of the document each query was written from, (Q,); -1 where there is none.
    """

    corpus: Corpus
    queries: Queries
    sources: Integers


def arena(
    corpus: Corpus, queries: Queries, student: Student, ctx: Context, *, documents: int
) -> Arena:
    """The documents among which to compare: at most `documents`, the hardest first.

    Every system ranks the same documents. On a large corpus, encoding all of it once per system
    would cost more than the training; the documents that the base model and BM25 rank first are
    those that decide.
    """
    if len(corpus) > documents:
        found = rank(corpus.contents, queries["text"], {"base": student.start}, ctx, depth=100)
        own = [corpus.position[d] for d in queries["source_doc_id"] if d in corpus.position]
        chosen = np.unique(_first(own, list(found.values()), documents))
        corpus = corpus.take(chosen)
    rows = [corpus.position.get(d, -1) for d in queries["source_doc_id"]]
    return Arena(corpus, queries, np.asarray(rows, dtype=np.int64))


def _first(own: Sequence[int], found: Sequence[Ranked], count: int) -> list[int]:
    """The documents of the first ranks of all queries and systems, until there are enough."""
    chosen = dict.fromkeys(own)
    depth = max(f.positions.shape[1] for f in found)
    for column in range(depth):
        for ranked in found:
            if column < ranked.positions.shape[1]:
                chosen.update(dict.fromkeys(ranked.positions[:, column].tolist()))
        if len(chosen) > count:
            break
    chosen.pop(-1, None)
    return list(chosen)[: max(count, len(set(own)))]


@dataclass(frozen=True, eq=False)
class Judgements:
    """What the teacher says of the documents that any system ranks high.

    Args:
        positions: judged documents, (Q, P); -1 is none.
        values: in the teacher's units, (Q, P).
        gains: 1 for the teacher's best document of a query, less for others, (Q, P).
    """

    positions: Integers
    values: Floats
    gains: Floats

    def of(self, ranked: Integers) -> Floats:
        """Gains of ranked documents (Q, K); 0 where the teacher was not asked."""
        gains = np.zeros(ranked.shape, dtype=np.float32)
        for row, (known, gain) in enumerate(zip(self.positions, self.gains, strict=True)):
            by_position = dict(zip(known.tolist(), gain.tolist(), strict=True))
            by_position[-1] = 0.0
            gains[row] = [by_position.get(p, 0.0) for p in ranked[row].tolist()]
        return gains


def judge(
    where: Arena,
    systems: Mapping[str, Ranked],
    teacher: Labeller,
    student: Student,
    ctx: Context,
    *,
    depth: int,
) -> Judgements:
    """Ask the teacher about the first `depth` documents of every system and the source."""
    pool = union([r.top(depth) for r in systems.values()] + [where.sources[:, None]])
    rows = np.argwhere(pool >= 0)
    ids, docs = where.queries["query_id"], where.corpus["doc_id"]
    first = dict.fromkeys(ids, 0)
    ranks = []
    for row, _ in rows.tolist():
        first[ids[row]] += 1
        ranks.append(first[ids[row]])
    candidates = Candidates.columns(
        query_id=[ids[row] for row, _ in rows],
        doc_id=[docs[pool[row, column]] for row, column in rows],
        rank=ranks,
        score=[0.0] * len(rows),
        is_source=[bool(pool[row, column] == where.sources[row]) for row, column in rows],
        miner=["gate"] * len(rows),
    )
    labels = apply(teacher, (where.corpus, where.queries, candidates, student), ctx)
    values = np.full(pool.shape, np.nan, dtype=np.float32)
    place = {(ids[r], docs[pool[r, c]]): (r, c) for r, c in rows.tolist()}
    for query, doc, value in zip(
        labels["query_id"], labels["doc_id"], labels["value"], strict=True
    ):
        values[place[query, doc]] = value
    pool = np.where(np.isnan(values), -1, pool)
    return Judgements(pool, values, gains_of(values))


def gains_of(values: Floats) -> Floats:
    """Teacher values as gains: exp(SHARPNESS · (value − best) / spread) within each query.

    The spread is the standard deviation of the query's values, so that the units of the teacher
    (logits, fused z-scores) do not matter. Unknown values (nan) gain nothing.
    """
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    count = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = filled.sum(axis=1, keepdims=True) / count
    spread = np.sqrt((np.where(known, filled - mean, 0.0) ** 2).sum(axis=1, keepdims=True) / count)
    best = np.max(np.where(known, values, -np.inf), axis=1, keepdims=True, initial=-np.inf)
    below = (values - best) / np.where(spread > 0, spread, 1.0)
    return np.asarray(np.where(known, np.exp(SHARPNESS * below), 0.0), dtype=np.float32)


def ndcg(ranked_gains: Floats, all_gains: Floats, depth: int = 10) -> Floats:
    """Normalised discounted cumulative gain of each query, (Q,).

    Args:
        ranked_gains: gains in the order of the ranking, (Q, K).
        all_gains: gains of everything judged, (Q, P), for the ideal order.
        depth: ranks that count.
    """

    def dcg(gains: Floats) -> Floats:
        top = gains[:, :depth]
        discount = 1.0 / np.log2(np.arange(2, top.shape[1] + 2))
        return np.asarray((top * discount).sum(axis=1), dtype=np.float64)

    ideal = dcg(-np.sort(-all_gains, axis=1))
    return np.asarray(dcg(ranked_gains) / np.where(ideal > 0, ideal, 1.0), dtype=np.float64)


def reciprocal_rank(positions: Integers, wanted: Integers, depth: int = 10) -> Floats:
    """1 / rank of the wanted document (Q,) within the first `depth`; 0 where it is not there."""
    hit = (positions[:, :depth] == wanted[:, None]) & (wanted[:, None] >= 0)
    rank_of = np.argmax(hit, axis=1) + 1
    return np.asarray(np.where(hit.any(axis=1), 1.0 / rank_of, 0.0), dtype=np.float64)
