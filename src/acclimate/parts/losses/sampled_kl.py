"""SampledKL: the ranker's distribution over all documents, taught from a few that were drawn.

Shapes: B queries, K documents drawn for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._policy import told
from acclimate.parts.losses._settings import check_above_zero
from acclimate.parts.losses.kl_divergence import KLDivergence


@dataclass(frozen=True, kw_only=True)
class SampledKL:
    """Divergence of the student from its ranker over drawn documents, corrected for the draw.

    With P = softmax(t / teacher_temperature − ln Q) and S = softmax(s / student_temperature −
    ln Q), a query's loss is Σ P (ln P − ln S). The reference is ln Q, the log-probability each
    document had of being drawn (none: all alike). The ranker learns nothing from it.

    Rows: [027].

    Paper:   Huang, Lian, Chen, Liu, Xie, Chen, Cooperative Retriever and Ranker in Deep
             Recommenders, WWW 2023, section 3.3. https://arxiv.org/abs/2206.14649
    Code:    AngusHuang17/CoRR_www, sampled KL divergence.
    Differs: the temperatures are settings, and whether the relevant document is compared too.
    Cost:    nothing beside the scores.

    Args:
        teacher_temperature: divides the ranker's scores. Paper: 1.
        student_temperature: divides the student's scores. Paper: 1.
        source: whether column 0, the relevant document, is compared with those drawn. Paper: no.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> scores, ranker = torch.tensor([[2.0, 0]]), torch.tensor([[1.0, 3]])
        >>> drawn, mask = torch.tensor([[0.5, 0.25]]), torch.ones(1, 2, dtype=torch.bool)
        >>> SampledKL()(scores, ranker, mask, drawn.log())
        tensor(1.2274)
    """

    teacher_temperature: float = 1.0
    student_temperature: float = 1.0
    source: bool = True

    def __post_init__(self) -> None:
        """Refuse temperatures that no softmax has."""
        check_above_zero(self, "teacher_temperature", "student_temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to tell apart, (B,) bool."""
        return _PLAIN.counts(targets, self._compared(mask))

    @property
    def zero_at_teacher(self) -> bool:
        """Whether a student that scores as the ranker does has no loss."""
        return self.teacher_temperature == self.student_temperature

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets, and of the log-probability of being drawn."""
        log_q_BK = told(reference, scores)
        student_BK = scores / self.student_temperature - log_q_BK
        teacher_BK = targets.detach() / self.teacher_temperature - log_q_BK
        return _PLAIN(student_BK, teacher_BK, self._compared(mask))

    def _compared(self, mask_BK: torch.Tensor) -> torch.Tensor:
        """Which documents are compared, (B, K)."""
        if self.source:
            return mask_BK
        return torch.cat([torch.zeros_like(mask_BK[:, :1]), mask_BK[:, 1:]], dim=1)


_PLAIN = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
