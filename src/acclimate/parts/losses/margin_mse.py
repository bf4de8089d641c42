"""MarginMSE: the student's margins become the teacher's.

Shapes: B queries, K documents of each; column 0 is the document the query was written from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._rows import mean_over


@dataclass(frozen=True, kw_only=True)
class MarginMSE:
    """Mean squared difference of the student's and the teacher's margins.

    The margin of a document is how much higher the source document scores: s_0 − s_k. A query's
    loss is the mean of ((s_0 − s_k) − (t_0 − t_k))² over its documents k ≥ 1, and the loss is the
    mean over queries. Scores are compared as numbers, so their scale matters: see
    `loops.scale`.

    Rows: [P1], [019].

    Paper:   Hofstätter, Althammer, Schröder, Sertkan, Hanbury, Improving Efficient Neural Ranking
             Models with Cross-Architecture Knowledge Distillation, 2020, section 3.2.
             https://arxiv.org/abs/2010.02666; as the loss of GPL: Wang et al., NAACL 2022.
             https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/loss.py.
    Differs: a query may have several margins; where their number differs between queries, each
             query counts the same.
    Cost:    nothing beside the scores.

    Returns:
        The loss, a scalar; zero where no query has a margin.

    Example:
        >>> scores = torch.tensor([[3.0, 1.0], [1.0, 0.5]])  # margins 2 and 0.5
        >>> targets = torch.tensor([[4.0, 1.0], [2.0, 1.0]])  # margins 3 and 1
        >>> MarginMSE()(scores, targets, torch.ones(2, 2, dtype=torch.bool))
        tensor(0.6250)
    """

    zero_at_teacher: ClassVar[bool] = True
    compares_units: ClassVar[bool] = True
    """Student scores must be in the teacher's units."""

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a margin, (B,) bool."""
        del targets
        return mask[:, 0] & mask[:, 1:].any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        student_BK = scores[:, :1] - scores[:, 1:]
        teacher_BK = targets[:, :1] - targets[:, 1:]
        there_BK = mask[:, :1] & mask[:, 1:]
        errors_BK = torch.where(there_BK, student_BK - teacher_BK, torch.zeros_like(student_BK))
        of_query_B = errors_BK.square().sum(dim=1) / there_BK.sum(dim=1).clamp(min=1)
        return mean_over(of_query_B, self.counts(targets, mask))
