"""SelfTraining: the student teaches a fresh copy of itself, which sees queries through noise."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._hashing import salt
from acclimate.parts._noise import Noise, noised_queries
from acclimate.parts.loops._stages import check_trainers, labels_by, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class SelfTraining:
    """Rounds in which the student labels its candidates and is trained on them anew.

    In each round the student as it is scores every candidate of every query, as it stands: that
    is the teacher. The weights it started from are then trained on these labels with noise in
    the queries, and become the next teacher. What the noise takes away must be made up for, so
    the copy can learn more than the teacher knows; without noise it can only copy.

    Rows: [068].

    Paper:   Jiang, Drummond, Cohn, Noisy Self-Training with Synthetic Queries for Dense
             Retrieval, Findings of EMNLP 2023. https://arxiv.org/abs/2311.15563
    Code:    none followed; the formulas of the authors' release.
    Differs: words of queries are noised, not tokens of queries and documents; the noise of a round
             is drawn once; its contrastive part is a loss to be added in the loop.
    Cost:    `rounds` times the loop, and one encoding of the queries and candidates each.

    Args:
        loop: what trains; with a loss of distributions such as losses.KLDivergence.
        rounds: how often the student becomes the teacher.
        noise: what happens to the words of training queries: a share is left out, changes places
            or is masked; "sequential" does the three in the order shuffle, delete, mask.
        share: of the words, 0 to 1. Paper: 0.1.
        mask: what stands for a masked word: the mask token of the student.
        restart: whether each round begins at the weights the student started from. Paper: yes.

    Returns:
        The student of the last round.
    """

    loop: Trainer
    rounds: int = 2
    noise: Noise = "sequential"
    share: float = 0.1
    mask: str = "[MASK]"
    restart: bool = True

    def __post_init__(self) -> None:
        """Refuse a loop that does not train, no round and a share that is none."""
        check_trainers(self, (self.loop,))
        if self.rounds < 1:
            raise RecipeError(
                f"SelfTraining(rounds={self.rounds}) would do nothing. Give 1 or more."
            )
        if not 0 <= self.share <= 1:
            raise RecipeError(f"SelfTraining(share={self.share}): must lie between 0 and 1.")

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Carry out the rounds."""
        seed, told = salt(ctx, self), []
        for number in ctx.track(range(1, self.rounds + 1), "rounds", self.rounds):
            labels = self_labels(corpus, queries, candidates, student, ctx)
            asked = noised_queries(queries, self.noise, self.share, self.mask, seed + number)
            changed = sum(a != b for a, b in zip(queries["text"], asked["text"], strict=True))
            told.append({"labels": len(labels), "queries with noise": changed})
            learner = student.trained(student.start) if self.restart else student
            tables = (corpus, asked, labels)
            student = trained(self.loop, tables, learner, ctx, folder=f"round-{number}")
        ctx.note("rounds", told)
        return student


def self_labels(
    corpus: Corpus, queries: Queries, candidates: Candidates, student: Student, ctx: Context
) -> Labels:
    """The student's own scores of the candidates, as labels."""
    name = f"student {student.encoder.fingerprint()}"
    return labels_by(student.encoder, name, (corpus, queries, candidates), ctx)
