"""SelfTeacher: the student as it is now teaches the student to come."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts.labellers._searched import rated_by
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class SelfTeacher:
    """The student's own similarities under its current weights.

    Alone they teach nothing new; they do where the student then learns under conditions of its
    own: noise in the queries (`loops.SelfTraining` does both), other candidates, weights that
    begin anew. In `loops.Rounds` each round asks the student of the round before. The texts are
    read as they stand, without noise.

    Rows: [068].

    Paper:   Jiang, Drummond, Cohn, Noisy Self-Training with Synthetic Queries for Dense
             Retrieval, Findings of EMNLP 2023. https://arxiv.org/abs/2311.15563
    Code:    none followed; the formulas of the authors' release.
    Differs: nothing known.
    Cost:    one encoding of the corpus per student.

    Returns:
        One label per candidate, in the order of the candidates, in units of the student's scores.
    """

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        return rated_by(Flat(student.encoder), "student", corpus, queries, candidates, ctx)
