"""HeldOut: held-out queries, judged by a teacher instead of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.indexes.ranking import union
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts.evaluators.gains import gains_in_order, gains_of, ndcg, ranks_of
from acclimate.parts.evaluators.ranked import rank, systems_of
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Queries, Scores


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """Measures without any judgement: what a teacher says of the documents each system finds.

    On held-out queries, the first `pool` documents of every system and the source document are
    shown to the judge. Its values become gains, 1 for its best document of a query and
    exp(−2 · deviations below it) for others, and nDCG@10 is taken over them ("judged nDCG@10").
    Beside it stands the round trip: RR@10 and R@100 of the document the query was written from.
    A judge approves mistakes it makes itself: judge by another teacher than trained.

    Origin: pooling, as in TREC, with a model as the assessor.
    Code:    none published.
    Differs: gains are graded by distance to the best and not by a scale of an assessor.
    Cost:    an index per system; queries × systems × pool teacher calls at most.

    Args:
        judge: rates documents.
        pool: documents of each system that are shown to it.
        depth: results that are looked at.

    Returns:
        Scores of BM25, base, adapted and the hybrids on each held-out query; the round trip for
        queries with a source document in the corpus.
    """

    judge: Labeller
    pool: int = 10
    depth: int = 100

    def __post_init__(self) -> None:
        """Refuse a pool of nothing."""
        if not 1 <= self.pool <= self.depth:
            raise RecipeError(f"{self!r}: the pool is at least 1 and at most the depth.")

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Scores:
        """Measure the systems."""
        asked = queries.of_split("heldout")
        if not len(asked) or not len(corpus):
            return Scores.empty()
        results = rank(corpus.contents, asked["text"], systems_of(student), ctx, depth=self.depth)
        found = {name: hits.positions for name, hits in results.items()}
        rows = [corpus.position.get(doc, -1) for doc in asked["source_doc_id"]]
        sources = np.asarray(rows, dtype=np.int64)
        pool = union([f[:, : self.pool] for f in found.values()] + [sources[:, None]])
        gains = gains_of(self._values(pool, sources, corpus, asked, student, ctx))
        names, measures = asked["query_id"], []
        for system, positions in found.items():
            judged = ndcg(gains_in_order(positions, pool, gains), gains)
            ranks = ranks_of(positions, sources)
            measures += [
                (system, "judged nDCG@10", n, v) for n, v in zip(names, judged, strict=True)
            ]
            for name, source, place in zip(names, sources, ranks.tolist(), strict=True):
                if source >= 0:
                    measures.append((system, "RR@10", name, 1 / place if 0 < place <= 10 else 0.0))
                    measures.append((system, "R@100", name, float(0 < place <= 100)))
        return Scores.columns(
            system=[m[0] for m in measures],
            measure=[m[1] for m in measures],
            query_id=[m[2] for m in measures],
            value=[m[3] for m in measures],
        )

    def _values(
        self,
        pool: Integers,
        sources: Integers,
        corpus: Corpus,
        queries: Queries,
        student: Student,
        ctx: Context,
    ) -> Floats:
        """What the judge says of the pool, (Q, P); nan where it says nothing."""
        line, place = np.nonzero(pool >= 0)
        ids, names = corpus["doc_id"], queries["query_id"]
        cells = {(names[q], ids[pool[q, p]]): (q, p) for q, p in zip(line, place, strict=True)}
        candidates = Candidates.columns(
            query_id=[query for query, _ in cells],
            doc_id=[doc for _, doc in cells],
            rank=place + 1,
            score=np.zeros(len(cells)),
            is_source=pool[line, place] == sources[line],
            miner=["pool"] * len(cells),
        )
        labels = apply(self.judge, (corpus, queries, candidates, student), ctx)
        values = np.full(pool.shape, np.nan, dtype=np.float32)
        for query, doc, value in zip(
            labels["query_id"], labels["doc_id"], labels["value"], strict=True
        ):
            values[cells[query, doc]] = value
        ctx.note("judged pairs", len(cells))
        return values
