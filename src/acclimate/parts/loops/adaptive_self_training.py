"""AdaptiveSelfTraining: where it is sure, the student labels what its teacher was not paid for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from acclimate.errors import RecipeError, TableError
from acclimate.models.student import Student
from acclimate.parts._codes import coded
from acclimate.parts.loops._stages import check_trainers, labels_by, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class AdaptiveSelfTraining:
    """Trains on a teacher's labels of some queries, then adds its own for those it is sure of.

    After each training the student scores the candidates of every training query without a label.
    It is sure of a query where softmax(scores / temperature) gives one document `confidence` or
    more: that document gets the highest value the teacher has given, the others the lowest. With
    these beside the teacher's, the weights the student started from are trained anew. The teacher
    is asked nothing more.

    Rows: [079].

    Paper:   ARL2: Aligning Retrievers for Black-box Large Language Models via Self-guided Adaptive
             Relevance Labeling, ACL 2024. https://arxiv.org/abs/2402.13542
    Code:    none published.
    Differs: when a student is sure, and what it says then, is our choice: the paper's text was not
             at hand. The questions that are labelled exist already; the paper writes more.
    Cost:    1 + `rounds` times the loop, and one encoding of queries and candidates each.

    Args:
        loop: what trains.
        rounds: how often the student labels.
        confidence: probability of its best document from which it is sure, above 0 and at most 1.
        temperature: divides its scores. For cosines 0.05.

    Returns:
        The student of the last round. Where it was sure of no query, of the round before.

    Raises:
        TableError: when no training query has a label.
    """

    loop: Trainer
    rounds: int = 1
    confidence: float = 0.8
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a loop that does not train, no round, and a share that is none."""
        check_trainers(self, (self.loop,))
        if self.rounds < 1 or not 0 < self.confidence <= 1 or self.temperature <= 0:
            raise RecipeError(
                f"AdaptiveSelfTraining(rounds={self.rounds}, confidence={self.confidence}, "
                f"temperature={self.temperature}): give 1 round or more, a confidence above 0 and "
                "at most 1, and a temperature above 0."
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        labels: Labels,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train, label, train anew."""
        given = labels.following(queries.of_split("train"))
        if not len(given):
            raise TableError(
                "AdaptiveSelfTraining has no label of a training query to begin with. Put a "
                "labeller such as labellers.Budgeted before it."
            )
        asked = set(queries.of_split("train")["query_id"]) - set(given["query_id"])
        open_ = candidates.where("query_id", asked)
        start, told = student.trained(student.start), []
        student = trained(self.loop, (corpus, queries, labels), student, ctx, folder="round-0")
        for number in ctx.track(range(1, self.rounds + 1), "rounds", self.rounds):
            own = self._own(corpus, queries, open_, student, ctx) if len(open_) else Labels.empty()
            sure = sure_of(own, self.confidence, self.temperature, given)
            told.append({"without a label": len(asked), "sure of": len(set(sure["query_id"]))})
            if not len(sure):
                break
            tables = (corpus, queries, Labels.joined([labels, sure]))
            student = trained(self.loop, tables, start, ctx, folder=f"round-{number}")
        ctx.note("rounds", told)
        return student

    @staticmethod
    def _own(
        corpus: Corpus, queries: Queries, candidates: Candidates, student: Student, ctx: Context
    ) -> Labels:
        name = f"student {student.encoder.fingerprint()}"
        tables = (corpus, queries, candidates)
        return labels_by(student.encoder, name, tables, replace(ctx, notes={}))


def sure_of(own: Labels, confidence: float, temperature: float, given: Labels) -> Labels:
    """A student's scores as labels of the queries it is sure of, on the teacher's scale.

    Args:
        own: its scores; a query with one document tells nothing.
        confidence: probability of the best document at least.
        temperature: divides the scores.
        given: the teacher's labels.
    """
    query, _ = coded(own, "query_id")
    if not len(own):
        return own
    scores = own.array("value").astype(np.float64) / temperature
    top = np.full(query.max() + 1, -np.inf)
    np.maximum.at(top, query, scores)
    mass = np.bincount(query, weights=np.exp(scores - top[query]))
    chance = 1 / mass  # of the best document
    sure = (chance >= confidence) & (np.bincount(query) > 1)
    values = given.array("value")
    kept = own.keep(sure[query])
    best = (scores == top[query])[sure[query]]
    return Labels.columns(
        query_id=kept.rows.column("query_id"),
        doc_id=kept.rows.column("doc_id"),
        value=np.where(best, values.max(), values.min()),
        teacher=kept.rows.column("teacher"),
    )
