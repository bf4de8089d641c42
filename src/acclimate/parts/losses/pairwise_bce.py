"""PairwiseBCE: the student wins its comparisons as often as the teacher's strengths say.

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import differences, pair_mean, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PairwiseBCE:
    """Cross-entropy of the student's pairwise preferences with those of the teacher's strengths.

    The targets are strengths e of the documents, as fitted on comparisons. The teacher prefers i
    to j with probability ½(1 + erf(e_i − e_j)) (Thurstone) or σ(e_i − e_j) (Bradley and Terry), the
    student with σ((s_i − s_j) / temperature). A query's loss is the mean cross-entropy over all
    its pairs, the loss is the mean over queries. Unlike an order, a strength says how sure the
    teacher is: a pair of equals is to be scored as one.

    Rows: [119].

    Paper:   Pipitone et al., zELO: ELO-inspired Training Method for Rerankers and Embedding
             Models, 2025. https://arxiv.org/abs/2509.12541
    Code:    zeroentropy-ai/zbench fits the strengths (Bradley and Terry).
    Differs: preferences are those of the fitted strengths, so that pairs nobody compared have one
             too; zELO trains a comparing model on the votes themselves.
    Cost:    nothing beside the scores; memory grows with K².

    Args:
        preference: how strengths turn into probabilities. Paper: thurstone; its code: the other.
        temperature: divides the student's scores. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> strengths = torch.tensor([[3.0, 1.0]]).log()
        >>> loss = PairwiseBCE(preference="bradley-terry", temperature=1.0)
        >>> loss(strengths, strengths, torch.ones(1, 2, dtype=torch.bool))
        tensor(0.5623)
    """

    preference: Literal["thurstone", "bradley-terry"] = "thurstone"
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a temperature that divides nothing."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to compare, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and strengths."""
        stronger_BKK = differences(shown(targets, mask))
        thurstone = self.preference == "thurstone"
        wins_BKK = (1 + stronger_BKK.erf()) / 2 if thurstone else stronger_BKK.sigmoid()
        margins_BKK = differences(shown(scores, mask)) / self.temperature
        costs_BKK = functional.softplus(margins_BKK) - wins_BKK * margins_BKK
        return mean_over(pair_mean(costs_BKK, _pairs(mask)), self.counts(targets, mask))


def _pairs(mask_BK: torch.Tensor) -> torch.Tensor:
    """Where i stands before j and both are there, (B, K, K) bool: each pair once."""
    return (mask_BK[:, :, None] & mask_BK[:, None, :]).triu(diagonal=1)
