"""GRPO: what does better than its group becomes likelier, near the policy before.

Shapes: B queries, K documents of each: a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._pairs import above, document_mean, shown
from acclimate.parts.losses._policy import clipped, log_policy, told
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_not_negative, check_share


@dataclass(frozen=True, kw_only=True)
class GRPO:
    """Negative clipped objective of group relative policy optimisation, and a divergence.

    A query's documents are a group. An advantage is how many standard deviations of its group a
    reward lies above its mean: A = (R − mean R) / std R. The reference holds the scores f of the
    policy before (none: it drew uniformly). With p = softmax(s / temperature), q = softmax(f /
    temperature) and ratios ρ = p / q, a query's loss is −mean_k min(ρ_k A_k, clip(ρ_k, 1 − clip, 1
    + clip) A_k) + divergence · Σ_k p_k ln(p_k / q_k), the loss is the mean over queries. Each query
    teaches as much, however small its rewards are.

    Rows: [047].

    Paper:   Shao, Wang, Zhu et al., DeepSeekMath, 2024, section 4.
             https://arxiv.org/abs/2402.03300; for retrievers: Reinforcing Compositional
             Retrieval, 2025. https://arxiv.org/abs/2504.11420
    Code:    none followed.
    Differs: a group is the query's labelled documents and not a draw; the divergence is exact;
             one policy serves as the one before and as the one to stay near.
    Cost:    nothing beside the scores; the reference is one more scoring of the documents.

    Args:
        clip: how far ratios may move from 1, a share. Paper: 0.2.
        divergence: weight of the divergence from the reference. Paper: 0.04.
        temperature: divides the scores, and the reference. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> rewards, mask = torch.tensor([[1.0, 0.5, 0.5, 0]]), torch.ones(1, 4, dtype=torch.bool)
        >>> GRPO().advantages(rewards, mask)
        tensor([[ 1.4142,  0.0000,  0.0000, -1.4142]])
    """

    clip: float = 0.2
    divergence: float = 0.04
    temperature: float = 0.05

    looks_back: ClassVar[bool] = True
    """The reference are the student's scores before the training."""

    def __post_init__(self) -> None:
        """Refuse a clip that is no share, a weight below 0 and a temperature of no softmax."""
        check_above_zero(self, "clip", "temperature")
        check_share(self, "clip")
        check_not_negative(self, "divergence")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to compare, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def advantages(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Rewards in standard deviations of their group, (B, K); zero where all are the same."""
        away_BK = shown(targets - document_mean(targets, mask)[:, None], mask)
        spread_B = document_mean(away_BK.square(), mask).sqrt()
        differ_B1 = above(targets, mask).any(dim=2).any(dim=1)[:, None]
        return torch.where(differ_B1, away_BK / spread_B[:, None], torch.zeros_like(away_BK))

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and rewards, after a policy that scored as the reference."""
        log_p_BK = log_policy(scores, mask, self.temperature)
        away_BK = log_p_BK - log_policy(told(reference, scores), mask, self.temperature)
        gains_BK = clipped(away_BK.exp(), self.advantages(targets, mask), self.clip)
        gain_B = document_mean(gains_BK, mask)
        distance_B = (log_p_BK.exp() * away_BK).sum(dim=1)
        return mean_over(self.divergence * distance_B - gain_B, self.counts(targets, mask))
