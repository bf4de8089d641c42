"""Cooperative: retriever and ranker learn from what the retriever drew, corrected for the draw."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Model, Shape, Student
from acclimate.parts.loops._joined import check_referenced, joined, other_of
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class Cooperative:
    """Trains the student and a ranker on documents that the student drew.

    The scores of the candidates are ln Q, the log-probability by which each was drawn
    (`miners.RetrieverDistribution`), and both losses take them as their reference: so a few drawn
    documents stand for all. At each update the student's loss takes the ranker's scores as its
    targets; the ranker learns from the labels. In `loops.Rounds` the student draws anew, and the
    ranker goes on from the round before.

    Rows: [027].

    Paper:   Huang, Lian, Chen, Liu, Xie, Chen, Cooperative Retriever and Ranker in Deep
             Recommenders, WWW 2023. https://arxiv.org/abs/2206.14649
    Code:    AngusHuang17/CoRR_www.
    Differs: both learn at each update (the code can also alternate by epochs); documents are drawn
             anew between rounds, not at each update; losses are settings.
    Cost:    that of its loops; the ranker reads each list once more, without a gradient.

    Args:
        loop: how the student learns; its loss is told the ranker's scores as targets and ln Q as
            reference.
        ranker: how the ranker learns, with the steps, batch and candidates of `loop`; its loss is
            told ln Q too. None: it does not.
        shape: how the ranker learns: `students.Reranker()` makes a cross-encoder of it. None: as
            it is, all weights.
        base: what the ranker starts from. None: the weights the student started from.

    Returns:
        The student, with the ranker beside it.

    Raises:
        RecipeError: when the two cannot learn from the same lists, or when a loss takes no
            reference.
        TableError: when a labelled document is no candidate of its query.
    """

    loop: Trainer
    ranker: Trainer | None = None
    shape: Shape | None = None
    base: Model | None = None

    def __post_init__(self) -> None:
        """Refuse two trainings that do not look at the same lists, or losses without ln Q."""
        check_referenced(self, joined(self, self.loop, self.ranker))

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        labels: Labels,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train both."""
        from acclimate.parts.loops._together import Learning

        fits = joined(self, self.loop, self.ranker)
        both = (student, other_of(student, self.base, self.shape))
        learning = Learning(fits, both, (corpus, queries, labels), ctx, candidates)
        return learning.trained(type(self).__name__, "targets")
