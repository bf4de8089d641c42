"""FusionRanker: a learned combination of retrievers, beside the student.

Shapes: Q queries, K labelled documents of each, S retrievers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.ref import Hits
from acclimate.models.student import Student
from acclimate.parts._pairs import grid, pairs
from acclimate.parts.part import Context, Loss, Miner, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries

ASIDE = 5
"""One training query in so many teaches nothing: the ranker is measured on these."""


@dataclass(frozen=True, kw_only=True)
class FusionRanker:
    """Learns which document is better from what several retrievers say of it; the student rests.

    Of each retriever the ranker is told the document's score, whether it was found, and the highest
    and lowest score of the list. It is kept in the folder `ranker` of this step, and
    `indexes.LearnedFusion` searches with it. What share of the pairs of labelled documents it puts
    in the order of their labels, over queries that it did not learn from, is noted beside that of
    each retriever alone.

    Words that were cut out of a document find it: let a writer or people ask, or labels of a
    teacher that reads sources without their query say what is relevant.

    Rows: [089].

    Paper:   Dadas, Perełkiewicz, Poświata, PIRB: A Comprehensive Benchmark of Polish Dense and
             Hybrid Text Retrieval Methods, LREC-COLING 2024. https://arxiv.org/abs/2402.13350
    Code:    sdadas/pirb.
    Differs: a small network for gradient boosted trees, with their loss of pairs (`rank:pairwise`
             is RankNet); labels of any teacher for judgements.
    Cost:    the searches; `steps` updates of 32 queries over four numbers of each retriever
             (seconds).

    Args:
        loss: of the ranker's scores and the labels; `losses.PairwiseLogistic(temperature=1.0)`.
        members: the retrievers, as miners, such as `miners.BM25(depth=100)` and
            `miners.WithStudent(depth=100)`; `indexes.LearnedFusion` gets their indexes in this
            order.
        hidden: width of its network.
        steps: its updates.
        learning_rate: of its weights.

    Returns:
        The student as it was.

    Raises:
        StoreError: when there is no folder to keep the ranker in.
        TableError: when fewer than two training queries have labels.
    """

    loss: Loss
    members: tuple[Miner, ...]
    hidden: int = 16
    steps: int = 300
    learning_rate: float = 1e-2

    def __post_init__(self) -> None:
        """Refuse a ranker of nothing, and one that learns nothing."""
        if not self.members:
            raise RecipeError("loops.FusionRanker has no members. Give it a tuple of miners.")
        if min(self.hidden, self.steps) < 1 or self.learning_rate <= 0:
            raise RecipeError(
                f"loops.FusionRanker(hidden={self.hidden}, steps={self.steps}, "
                f"learning_rate={self.learning_rate}): give 1 or more, and a rate above 0."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the ranker."""
        if ctx.folder is None:
            raise StoreError(
                "loops.FusionRanker keeps a ranker and needs a folder. Give Context(folder=…)."
            )
        from acclimate.parts.loops._fusing import Course, fitted, measured
        from acclimate.parts.loops._groups import grouped

        groups = grouped(corpus, queries, labels, 0)
        every = np.arange(len(groups))
        if len(every) < 2:
            raise TableError(
                "loops.FusionRanker has nothing to learn from: fewer than two training queries "
                "have labels. Put a labeller before it."
            )
        told = groups.draw(every, np.zeros_like(every), int(groups.widths.max()))
        asked = queries.take(told.queries)
        lists = [
            _list(apply(member, (corpus, asked, student), ctx), corpus, asked)
            for member in self.members
        ]
        aside = every % ASIDE == ASIDE - 1
        course = Course(
            loss=self.loss,
            hidden=self.hidden,
            steps=self.steps,
            learning_rate=self.learning_rate,
            seed=int(ctx.rng(self).integers(2**31)),
        )
        ranker = fitted(lists, told, every[~aside], course)
        ranker.save(ctx.folder / "ranker")
        rows = every[aside] if aside.any() else every
        names = [f"{n}: {type(member).__name__}" for n, member in enumerate(self.members, start=1)]
        ctx.note(
            "pairs in order", measured(ranker, dict(zip(names, lists, strict=True)), told, rows)
        )
        return student


def _list(found: Candidates, corpus: Corpus, queries: Queries) -> Hits:
    """What a miner found, a line per query; a source that comes last was added, not found."""
    cells = grid(*pairs(corpus, queries, found))
    positions = np.full((len(queries), cells.documents.shape[1]), -1, dtype=np.int64)
    scores = np.full(positions.shape, -np.inf, dtype=np.float32)
    positions[cells.queries] = cells.documents
    line = cells.queries[cells.line]
    scores[line, cells.place] = found.array("score")
    count = (positions >= 0).sum(axis=1)
    added = found.array("is_source").astype(bool) & (cells.place == count[line] - 1)
    positions[line[added], cells.place[added]] = -1
    scores[line[added], cells.place[added]] = -np.inf
    return Hits(positions, scores)
