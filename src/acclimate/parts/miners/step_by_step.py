"""StepByStep: documents that the student picks one after another, knowing what it has.

Shapes: Q queries, K candidates of a query, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.encoders.state import map_of, searches
from acclimate.models.indexes.flat import OWN
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import grid, pairs
from acclimate.parts.miners._lists import listed
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class StepByStep:
    """Of what another miner finds, a few documents in the order in which the student picks them.

    Each time it takes the document nearest to what it searches with, and what it took changes the
    next search, as `students.Sequential` has learned. A student without a state picks by its
    similarity to the query alone.

    Rows: [047], [051].

    Paper:   Learning to Retrieve Iteratively for In-Context Learning (IterR), EMNLP 2024.
             https://arxiv.org/abs/2406.14739
             Reinforcing Compositional Retrieval (RCR), 2025. https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: picks among what the miner found, and not among all documents.
    Cost:    that of the miner; `picks` products of a query's candidates.

    Args:
        miner: finds what is picked from.
        picks: documents of a query besides its source.

    Returns:
        Candidates whose score is one over the place of the pick; the source, beside them, has 0.
    """

    miner: Miner = field(default_factory=WithStudent)
    picks: int = 4

    def __post_init__(self) -> None:
        """Refuse to pick nothing."""
        if self.picks < 1:
            raise RecipeError(f"StepByStep(picks={self.picks}): give 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Pick."""
        if type(student.encoder) in OWN:
            raise RecipeError(
                f"StepByStep picks by one vector per text, which {type(student.encoder).__name__} "
                "does not make. Give a dense encoder."
            )
        lists = listed(self.miner, corpus, queries, student, ctx)
        query, document = pairs(corpus, queries, lists.found)
        others = np.flatnonzero(lists.others)
        cells = grid(query[others], document[others])
        queries_QD = ctx.engine.encode(student.encoder, queries["text"], kind="query")
        documents_UD = ctx.engine.encode(student.encoder, corpus.contents, kind="document")
        order = picked(
            queries_QD[cells.queries], documents_UD, cells.documents, self.picks,
            map_of(student.encoder),
        )  # fmt: skip
        scores = np.zeros(len(query))
        scores[others] = cells.of(order)
        return lists.kept(lists.source | (scores > 0), scores)


def picked(
    queries: Floats, documents: Floats, among: Integers, picks: int, state: Floats | None
) -> Floats:
    """One over the place at which each document is picked, (Q, K); 0 where it is not.

    Args:
        queries: vectors, (Q, D).
        documents: vectors of all documents.
        among: rows of each query's candidates, (Q, K); -1 is none.
        picks: how many.
        state: the map of documents that were picked; None: they change nothing.
    """
    places = np.zeros(among.shape, dtype=np.float64)
    taken = np.full((len(among), 0), -1, dtype=np.int64)
    vectors_QKD, rows = documents[among], np.arange(len(among))
    for number in range(1, min(picks, among.shape[1]) + 1):
        asks_QD = searches(queries, documents, taken, state)
        scores = np.einsum("qd,qkd->qk", asks_QD, vectors_QKD)
        open_QK = (among >= 0) & (places == 0)
        best = np.where(open_QK, scores, -np.inf).argmax(axis=1)
        there = open_QK[rows, best]
        places[rows[there], best[there]] = 1 / number
        taken = np.column_stack([taken, np.where(there, among[rows, best], -1)])
    return np.asarray(places, dtype=np.float32)
