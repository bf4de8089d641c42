"""ScaleCalibratedKL: the student's scores become the teacher's values, not only their order.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._rows import hidden, mean_over


@dataclass(frozen=True, kw_only=True)
class ScaleCalibratedKL:
    """Divergence from the teacher's distribution, with an anchor beside a query's documents.

    The anchor has the logit 0 at the student and `anchor` at the teacher: P = softmax of
    (t_1 … t_K, anchor), Q = softmax of (s_1 … s_K, 0), and a query's loss is Σ P (ln P − ln Q).
    Adding a constant to all scores of a query moves them against the anchor, so unlike
    `losses.KLDivergence` this has one minimum, at s = t − anchor: the highest score of a query
    tells how good its best document is.

    Rows: [004].

    Paper:   Mysore, Lu, Wan, Yang, Menezes, Baghaee, Barajas Gonzalez, Neville, Safavi, PEARL,
             2023, section 3.3. https://arxiv.org/abs/2311.09180; Yan, Qin, Wang, Bendersky,
             Najork, Scale Calibration of Deep Ranking Models, KDD 2022.
    Code:    none published.
    Differs: the form follows the second paper; what PEARL sets the anchor to is not known to us.
    Cost:    nothing beside the scores.

    Args:
        anchor: the teacher's value that a student's score of 0 stands for.

    Returns:
        The loss, a scalar; zero where no query has a document.

    Example:
        >>> scores, targets = torch.tensor([[0.8, -0.2]]), torch.tensor([[1.0, 0.0]])
        >>> ScaleCalibratedKL(anchor=0.5)(scores, targets, torch.ones(1, 2, dtype=torch.bool))
        tensor(0.0092)
    """

    compares_units: ClassVar[bool] = True
    """Student scores must be in the teacher's units."""

    anchor: float = 0.0

    @property
    def zero_at_teacher(self) -> bool:
        """Whether a student that scores as the teacher does has no loss."""
        return self.anchor == 0

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a document, (B,) bool."""
        del targets
        return mask.any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        teacher_BK = self._with_anchor(targets - self.anchor, mask)
        student_BK = self._with_anchor(scores, mask)
        of_query_B = (teacher_BK.exp() * (teacher_BK - student_BK)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))

    def _with_anchor(self, logits_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
        """Log-probabilities of the documents, and of an anchor of logit 0."""
        anchor_B1 = torch.zeros_like(logits_BK[:, :1])
        return torch.cat([hidden(logits_BK, mask_BK), anchor_B1], dim=1).log_softmax(dim=1)
