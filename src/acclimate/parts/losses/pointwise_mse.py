"""PointwiseMSE: the student's scores become the teacher's values.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._pairs import document_mean, shown
from acclimate.parts.losses._rows import mean_over


@dataclass(frozen=True, kw_only=True)
class PointwiseMSE:
    """Mean squared difference of scores and values.

    A query's loss is the mean of (s_k − t_k)² over its documents, the loss is the mean over
    queries. Scores must mean the same for every query, which suits a reranker, or a retriever
    whose threshold is to hold for all queries; where only order matters, `MarginMSE` asks less.

    Rows: [119].

    Paper:   Pipitone et al., zELO: ELO-inspired Training Method for Rerankers and Embedding
             Models, 2025. https://arxiv.org/abs/2509.12541
    Code:    none published; sentence-transformers' MSELoss is the same for cross-encoders.
    Differs: each query counts the same, however many documents it has.
    Cost:    nothing beside the scores.

    Returns:
        The loss, a scalar; zero where no query has a document.

    Example:
        >>> scores, targets = torch.tensor([[3.0, 1.0]]), torch.tensor([[1.0, 2.0]])
        >>> PointwiseMSE()(scores, targets, torch.ones(1, 2, dtype=torch.bool))
        tensor(2.5000)
    """

    zero_at_teacher: ClassVar[bool] = True
    compares_units: ClassVar[bool] = True
    """Student scores must be in the teacher's units."""

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a document, (B,) bool."""
        del targets
        return mask.any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        of_query_B = document_mean(shown(scores - targets, mask).square(), mask)
        return mean_over(of_query_B, self.counts(targets, mask))
