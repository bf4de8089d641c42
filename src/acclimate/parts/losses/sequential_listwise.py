"""SequentialListwise: the student picks the documents one by one, in the teacher's order.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class SequentialListwise:
    """Cross-entropy of picking each document among those the teacher has not picked before.

    The documents stand in the teacher's order, the source first. With w = softmax(t /
    teacher_temperature) and the student's logits s / student_temperature, a query's loss is Σ_i w_i
    · −ln( e^{s_i} / Σ_{j at or after i} e^{s_j} ), the loss is the mean over queries. Where w has a
    single one, it is InfoNCE of that document.

    Rows: [110].

    Paper:   Zhang, Xiao, Liu, Dou, Nie, Retrieve Anything To Augment Large Language Models, 2023,
             section 3.2 (stable distillation). https://arxiv.org/abs/2310.07554
    Code:    FlagOpen/FlagEmbedding, research/llm_embedder.
    Differs: documents of other queries do not stand among the alternatives: they have no value of
             the teacher's, and a batch may be carried back in pieces.
    Cost:    nothing beside the scores.

    Args:
        teacher_temperature: divides the teacher's values. Paper: 1.
        student_temperature: divides the student's scores. Paper: 0.01.
        source_first: whether column 0 is picked first whatever the teacher says. Paper: yes.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> targets = torch.tensor([[0.7, 0.2, 0.1]]).log()
        >>> loss = SequentialListwise(student_temperature=1.0)
        >>> loss(torch.tensor([[2.0, 1, 0]]), targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.3480)
    """

    teacher_temperature: float = 1.0
    student_temperature: float = 0.01
    source_first: bool = True

    def __post_init__(self) -> None:
        """Refuse temperatures that no softmax has."""
        check_above_zero(self, "teacher_temperature", "student_temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        teacher_BK = hidden(targets / self.teacher_temperature, mask)
        order_BK = self._order(teacher_BK)
        there_BK = mask.gather(1, order_BK)
        weights_BK = teacher_BK.softmax(dim=1).gather(1, order_BK)
        logits_BK = hidden(scores / self.student_temperature, mask).gather(1, order_BK)
        left_BK = logits_BK.flip(1).logcumsumexp(dim=1).flip(1)
        of_query_B = (weights_BK * shown(left_BK - logits_BK, there_BK)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))

    def _order(self, teacher_BK: torch.Tensor) -> torch.Tensor:
        """Columns in the order of picking, (B, K); where no source is, none is picked first."""
        keys_BK = teacher_BK.clone()
        if self.source_first:
            keys_BK[:, 0] = torch.inf
        return keys_BK.argsort(dim=1, descending=True, stable=True)
