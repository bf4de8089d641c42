"""DynamicListwiseDistillation: a retriever learns the distribution of a ranker that is learning."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Model, Shape, Student
from acclimate.parts.loops._joined import joined, other_of
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class DynamicListwiseDistillation:
    """Trains the student and a ranker on the same lists at the same time.

    At each update the ranker scores the lists as it is then; these scores are what the student's
    loss takes for the teacher's values, and do not learn. The ranker's own loss looks at the
    labels. So the student follows the ranker from its first updates on, and not its end alone.
    In `loops.Rounds` the ranker goes on from the round before.

    Rows: [024].

    Paper:   RocketQAv2: Joint training of retrieval and re-ranking, EMNLP 2021.
             https://arxiv.org/abs/2110.07367
    Code:    the authors' release, in Paddle.
    Differs: the divergence is a mean over queries, the released code's over all cells of a batch;
             losses are settings.
    Cost:    that of its loops; the ranker reads each list once more, without a gradient.

    Args:
        loop: how the student learns; its loss is told the ranker's scores as targets.
        ranker: how the ranker learns from the labels, with the steps, batch and candidates of
            `loop`. None: it does not, and this is ordinary distillation.
        shape: how the ranker learns: `students.Reranker()` makes a cross-encoder of it. None: as
            it is, all weights.
        base: what the ranker starts from. None: the weights the student started from.

    Returns:
        The student, with the ranker beside it.

    Raises:
        RecipeError: when the two cannot learn from the same lists.
    """

    loop: Trainer
    ranker: Trainer | None = None
    shape: Shape | None = None
    base: Model | None = None

    def __post_init__(self) -> None:
        """Refuse two trainings that do not look at the same lists."""
        joined(self, self.loop, self.ranker)

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train both."""
        from acclimate.parts.loops._together import Learning

        fits = joined(self, self.loop, self.ranker)
        both = (student, other_of(student, self.base, self.shape))
        learning = Learning(fits, both, (corpus, queries, labels), ctx)
        return learning.trained(type(self).__name__, "targets")
