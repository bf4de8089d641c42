"""PairwisePreference: teachers vote on pairs of documents, and a model of contests ranks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._pairs import labelled
from acclimate.parts.labellers._members import heard
from acclimate.parts.labellers._preferences import Aggregate, aggregated, meetings
from acclimate.parts.part import Context, Labeller
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class PairwisePreference:
    """The strength of each document as a contestant, from what several judges prefer in pairs.

    Two documents of a query meet where they are neighbours on one of a few random cycles; a judge
    votes for the one that it values more. Votes need no common unit, so a cross-encoder, words and
    vectors can judge together, and one judge that is far off counts no more than another. The
    strengths are those that make the votes likeliest: differences are chances of winning.

    Rows: [119].

    Paper:   zELO: ELO-inspired Training Method for Rerankers and Embedding Models, 2025.
             https://arxiv.org/abs/2509.12541
    Code:    zeroentropy-ai/zbench (soft wins, cycles, Bradley-Terry).
    Differs: judges value documents one by one (labellers.Pairwise asks a language model about two
             at once); no small model is trained on their votes first; strengths are not compared
             across queries; two documents that met count as drawn a tenth of a time besides.
    Cost:    all its judges; a few products of matrices of the size of a list for each query.

    Args:
        judges: labellers that vote. A candidate that one of them leaves out is left out.
        cycles: how often a document meets two others; None: each two meet. Paper: 4.
        aggregate: model of contests: "thurstone" as the paper says, "bradley_terry" as its code
            does, or "shares" of votes won.

    Returns:
        Labels in the order of the candidates, with mean 0 in each query ("shares": 0 to 1). A
        query's only candidate is left out.
    """

    judges: tuple[Labeller, ...]
    cycles: int | None = 4
    aggregate: Aggregate = "thurstone"

    def __post_init__(self) -> None:
        """Refuse to ask nobody, or about nothing."""
        if not self.judges or (self.cycles is not None and self.cycles < 1):
            raise RecipeError(
                f"PairwisePreference has {len(self.judges)} judges and {self.cycles} cycles. Give "
                "at least one of each."
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        told = heard(self.judges, corpus, queries, candidates, student, ctx)
        values = np.full(told.mask.shape, np.nan, dtype=np.float32)
        names, seed, met = queries["query_id"], salt(ctx, self), 0
        for line, row in enumerate(told.cells.queries.tolist()):
            known = np.flatnonzero(told.mask[line])
            pairs = meetings(len(known), self.cycles, rng_of(names[row], seed))
            values[line, known] = self._strengths(told.values[:, line, known], pairs)
            met += len(pairs)
        ctx.note("comparisons", met)
        return labelled(candidates, told.cells.of(values), "preference")

    def _strengths(self, values_JK: Floats, pairs: Integers) -> Floats:
        """The strength of each of K documents, (K,), that J judges value."""
        first, second = pairs.T
        votes = (np.sign(values_JK[:, first] - values_JK[:, second]).mean(axis=0) + 1) / 2
        wins_KK = np.zeros((values_JK.shape[1],) * 2)
        np.add.at(wins_KK, (first, second), votes)
        np.add.at(wins_KK, (second, first), 1 - votes)
        return aggregated(wins_KK, self.aggregate)
