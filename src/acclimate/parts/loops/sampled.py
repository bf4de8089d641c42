"""Sampled: a training on documents that were drawn, corrected for the draw."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts.loops._joined import check_referenced, joined
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """Trains the student as `loops.Fit` does, and tells the loss how its documents were drawn.

    The scores of the candidates say so. Those of `miners.RetrieverDistribution` are ln Q, the
    log-probability of each, and a loss such as `losses.SampledSoftmax` takes them as its reference:
    what is drawn often counts less. Those of `miners.PrioritySampler` are logarithms of importance
    weights, and `losses.RenyiBound` takes them as its weights, beside the scores with which the
    student drew. So a few documents stand for all of a list. `loops.Cooperative` does the same
    where a ranker learns beside the student.

    Rows: [005].

    Paper:   Bengio, Senécal, Adaptive Importance Sampling, 2008; Liévin, Motzfeldt, Jensen,
             Winther, Variational Open-Domain Question Answering, ICML 2023.
             https://arxiv.org/abs/2210.06345
    Code:    none followed.
    Differs: documents are drawn before a training (anew in each of `loops.Rounds`), not at each
             update.
    Cost:    that of its loop.

    Args:
        loop: how the student learns, a `loops.Fit` that looks at all that was drawn for a query;
            its loss is told.

    Returns:
        The student with its new weights.

    Raises:
        RecipeError: when the loop is no `loops.Fit`, or when its loss cannot be told.
        TableError: when a labelled document is no candidate of its query.
    """

    loop: Trainer

    def __post_init__(self) -> None:
        """Refuse a loss that would not be corrected."""
        fit, _ = joined(self, self.loop, None)
        if "weights" not in inspect.signature(fit.loss).parameters:
            check_referenced(self, (fit,))

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        labels: Labels,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train the student."""
        fit, _ = joined(self, self.loop, None)
        return fit.fitted((corpus, queries, labels), student, ctx, drawn=candidates)
