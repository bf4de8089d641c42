"""KLDivergence: the student's ranking of a query's documents becomes the teacher's.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._rows import hidden, mean_over


@dataclass(frozen=True, kw_only=True)
class KLDivergence:
    """Divergence of the student's distribution over a query's documents from the teacher's.

    P = softmax(t / teacher_temperature), Q = softmax(s / student_temperature); a query's loss is
    Σ_k P_k (ln P_k − ln Q_k), the loss is the mean over queries. Its gradient with respect to
    s / student_temperature is Q − P. Adding a constant to a query's scores changes nothing.

    Rows: [017].

    Paper:   Sachan, Lewis, Yogatama, Zettlemoyer, Pineau, Zaheer, Questions Are All You Need to
             Train a Dense Passage Retriever, TACL 2023, section 2.4.
             https://arxiv.org/abs/2206.10658
    Code:    DevSinghSachan/art, KLDivLoss with batchmean.
    Differs: the temperatures are settings; ART divides the student's scores by the square root of
             the dimension and the teacher's by 1.
    Cost:    nothing beside the scores.

    Args:
        teacher_temperature: divides the teacher's values; small values make it surer.
        student_temperature: divides the student's scores. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> loss = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
        >>> scores, targets = torch.tensor([[1.0, 0, -1]]), torch.tensor([[-2.0, -1, -3]])
        >>> loss(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.4205)
    """

    teacher_temperature: float = 1.0
    student_temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse temperatures that no softmax has."""
        if min(self.teacher_temperature, self.student_temperature) <= 0:
            raise RecipeError(f"{self!r}: a temperature divides and must be above 0.")

    @property
    def zero_at_teacher(self) -> bool:
        """Whether a student that scores as the teacher does has no loss."""
        return self.teacher_temperature == self.student_temperature

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to tell apart, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        teacher_BK = hidden(targets / self.teacher_temperature, mask).log_softmax(dim=1)
        student_BK = hidden(scores / self.student_temperature, mask).log_softmax(dim=1)
        parts_BK = teacher_BK.exp() * (teacher_BK - student_BK)
        of_query_B = torch.where(mask, parts_BK, torch.zeros_like(parts_BK)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
