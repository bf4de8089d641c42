"""SelfTraining: the student teaches a fresh copy of itself, which sees queries through noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries

Noise = Literal["delete", "shuffle", "mask", "sequential", "none"]


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
            asked = self._noised(queries, seed + number)
            changed = sum(a != b for a, b in zip(queries["text"], asked["text"], strict=True))
            told.append({"labels": len(labels), "queries with noise": changed})
            learner = student.trained(student.start) if self.restart else student
            tables = (corpus, asked, labels)
            student = trained(self.loop, tables, learner, ctx, folder=f"round-{number}")
        ctx.note("rounds", told)
        return student

    def _noised(self, queries: Queries, seed: int) -> Queries:
        """The queries with noise in those that train; one that would be empty stays."""
        texts = []
        for query, text, split in zip(
            queries["query_id"], queries["text"], queries["split"], strict=True
        ):
            rng = rng_of(query, seed)
            words = noised(text.split(), self.noise, self.share, self.mask, rng)
            texts.append(" ".join(words) if words and split == "train" else text)
        column = queries.schema.get_field_index("text")
        return Queries(queries.rows.set_column(column, "text", pa.array(texts, pa.string())))


def self_labels(
    corpus: Corpus, queries: Queries, candidates: Candidates, student: Student, ctx: Context
) -> Labels:
    """The student's own scores of the candidates, as labels."""
    asked, found = pairs(corpus, queries, candidates)
    rows, places = np.unique(found, return_inverse=True)
    contents = corpus.contents
    queries_QD = ctx.engine.encode(student.encoder, queries["text"], kind="query")
    documents_UD = ctx.engine.encode(
        student.encoder, [contents[row] for row in rows], kind="document"
    )
    scores = np.einsum("nd,nd->n", queries_QD[asked], documents_UD[places.reshape(-1)])
    return labelled(candidates, scores, f"student {student.encoder.fingerprint()}")


def noised(
    words: list[str], noise: Noise, share: float, mask: str, rng: np.random.Generator
) -> list[str]:
    """Words with noise.

    Args:
        words: of a text.
        noise: what is done to them.
        share: of the words; each is left out or masked with this probability, and the nearest
            whole number of them change places.
        mask: what stands for a masked word.
        rng: draws which.
    """
    if noise in {"shuffle", "sequential"}:
        words = _shuffled(words, share, rng)
    if noise in {"delete", "sequential"}:
        words = [word for word in words if rng.random() >= share]
    if noise in {"mask", "sequential"}:
        words = [mask if rng.random() < share else word for word in words]
    return words


def _shuffled(words: list[str], share: float, rng: np.random.Generator) -> list[str]:
    chosen = np.sort(rng.permutation(len(words))[: round(share * len(words))])
    mixed = list(words)
    for place, other in zip(chosen, rng.permutation(chosen), strict=True):
        mixed[place] = words[other]
    return mixed
