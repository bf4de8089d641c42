"""Budgeted: a teacher that is paid by the question labels only so many queries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._codes import places_within
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Budgeted:
    """Labels the candidates of so many training queries, and leaves the others without a label.

    What a language model says of a pair is worth most for the first queries of a kind. They are
    drawn by their ids; where queries have topics (`filters.Topics`), topics take turns, so that the
    budget is spread over what is asked. `loops.AdaptiveSelfTraining` labels the others.

    Rows: [079].

    Paper:   ARL2: Aligning Retrievers for Black-box Large Language Models via Self-guided Adaptive
             Relevance Labeling, ACL 2024. https://arxiv.org/abs/2402.13542
    Code:    none published.
    Differs: what is spread evenly, and how, is our choice: the paper's text was not at hand.
    Cost:    that of the labeller, for the candidates of `queries` queries.

    Args:
        labeller: the teacher.
        queries: how many it labels.

    Returns:
        The labels of the drawn queries, as the labeller gives them.
    """

    labeller: Labeller
    queries: int = 1_000

    def __post_init__(self) -> None:
        """Refuse a budget of nothing."""
        if self.queries < 1:
            raise RecipeError(f"Budgeted(queries={self.queries}) labels nothing. Give 1 or more.")

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label what the budget allows."""
        training = queries.of_split("train")
        drawn = training.take(np.sort(self._order(training, ctx)[: self.queries]))
        some = candidates.following(drawn)
        labels: Labels = apply(self.labeller, (corpus, queries, some, student), ctx)
        left = len(training) - len(drawn)
        ctx.note("budget", {"queries": len(drawn), "pairs": len(some), "left to others": left})
        return labels

    def _order(self, queries: Queries, ctx: Context) -> Integers:
        """Rows in the order in which they are labelled."""
        luck = np.argsort(hashes(queries["query_id"], salt(ctx, "Budgeted")), kind="stable")
        told = np.asarray(pc.fill_null(queries.rows.column("topic"), -1))
        topic = told.astype(np.int64) + 1  # those without one are one topic
        together = luck[np.argsort(topic[luck], kind="stable")]
        turn = places_within(topic, together)
        return luck[np.argsort(turn[luck], kind="stable")]
