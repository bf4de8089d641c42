"""CoupledEstimation: what is relevant and what gets judged are learned together."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Model, Shape, Student
from acclimate.parts.loops._joined import check_referenced, joined, other_of
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class CoupledEstimation:
    """Trains the student and a model of selection, each corrected by the other.

    A document has a label only if it is relevant and was selected to be judged, so that many
    without one are relevant too. At each update the student's loss takes the selection model's
    scores as its reference, and the selection model's loss the student's: what nobody was likely
    to judge counts less against, and what is not relevant says little of who was selected. Scores
    are taken for logits: a reranker's are, cosines need `scale` in their loop.

    Rows: [034].

    Paper:   Cai, Guo, Fan, Ai, Zhang, Cheng, Hard Negatives or False Negatives: Correcting Pooling
             Bias in Training Neural Ranking Models, CIKM 2022. https://arxiv.org/abs/2209.05072
    Code:    none published.
    Differs: the paper's formulas could not be checked; see `losses.PropensityWeighted`.
    Cost:    that of its two loops; each model reads each list once more, without a gradient.

    Args:
        loop: how the student learns; its loss takes a reference.
        selection: how the selection model learns, with the steps, batch and candidates of `loop`,
            from the same labels; its loss takes a reference too. None: it does not learn.
        shape: how the selection model learns. None: as it is, all weights.
        base: what it starts from. None: the weights the student started from.

    Returns:
        The student, with the selection model beside it.

    Raises:
        RecipeError: when the two cannot learn from the same lists, or when a loss takes no
            reference.
    """

    loop: Trainer
    selection: Trainer | None = None
    shape: Shape | None = None
    base: Model | None = None

    def __post_init__(self) -> None:
        """Refuse two trainings that do not look at the same lists, or do not hear each other."""
        check_referenced(self, joined(self, self.loop, self.selection))

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train both."""
        from acclimate.parts.loops._together import Learning

        fits = joined(self, self.loop, self.selection)
        both = (student, other_of(student, self.base, self.shape))
        learning = Learning(fits, both, (corpus, queries, labels), ctx)
        return learning.trained(type(self).__name__, "reference")
