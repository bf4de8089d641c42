"""ListNet: the student's distribution over a query's documents explains the teacher's.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class ListNet:
    """Cross-entropy of the student's distribution over a query's documents with the teacher's.

    P = softmax(t / teacher_temperature), Q = softmax(s / student_temperature): a query's loss is
    −Σ_k P_k ln Q_k, the loss is the mean over queries. It is `KLDivergence` plus the entropy of P:
    the gradients are the same, and the value can be compared between students but is not zero at
    the teacher.

    Paper:   Cao, Qin, Liu, Tsai, Li, Learning to Rank: From Pairwise Approach to Listwise
             Approach, ICML 2007. https://doi.org/10.1145/1273496.1273513
    Code:    none followed; sentence-transformers' ListNetLoss is the same for cross-encoders.
    Differs: the temperatures; probabilities of the first place only (the paper's top-one form).
    Cost:    nothing beside the scores.

    Args:
        teacher_temperature: divides the teacher's values; small values make it surer.
        student_temperature: divides the student's scores. For cosines about 0.05. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> loss = ListNet(student_temperature=1.0)
        >>> loss(torch.zeros(1, 2), torch.tensor([[3.0, 0]]), torch.ones(1, 2, dtype=torch.bool))
        tensor(0.6931)
    """

    teacher_temperature: float = 1.0
    student_temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse temperatures that no softmax has."""
        check_above_zero(self, "teacher_temperature", "student_temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to tell apart, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        teacher_BK = hidden(targets / self.teacher_temperature, mask).softmax(dim=1)
        student_BK = hidden(scores / self.student_temperature, mask).log_softmax(dim=1)
        of_query_B = -(teacher_BK * shown(student_BK, mask)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
