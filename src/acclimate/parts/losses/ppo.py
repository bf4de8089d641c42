"""PPO: the policy improves, but not far from the one before.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._policy import clipped, log_policy, told
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_share


@dataclass(frozen=True, kw_only=True)
class PPO:
    """Negative clipped surrogate of proximal policy optimisation, over a query's documents.

    The reference holds the scores f of the policy before (none: it drew uniformly). With p =
    softmax(s / temperature), q = softmax(f / temperature), rewards R, advantages A = R − Σ q R and
    ratios ρ = p / q, a query's loss is −Σ_k q_k min(ρ_k A_k, clip(ρ_k, 1 − clip, 1 + clip) A_k),
    the loss is the mean over queries. Before the first update ρ is 1 and the gradient is that of
    `PolicyGradient`.

    Rows: [051].

    Paper:   Schulman, Wolski, Dhariwal, Radford, Klimov, Proximal Policy Optimization Algorithms,
             2017, section 3. https://arxiv.org/abs/1707.06347; for retrievers: IterR, EMNLP 2024.
             https://arxiv.org/abs/2406.14739
    Code:    none followed.
    Differs: the value of a state is the exact mean reward under the policy before, where PPO
             learns a value head, and the expectation is exact where PPO draws actions.
    Cost:    nothing beside the scores; the reference is one more scoring of the documents.

    Args:
        clip: how far ratios may move from 1, a share. Paper: 0.2.
        temperature: divides the scores, and the reference. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> scores, targets = torch.tensor([[0.75, 0.25]]).log(), torch.tensor([[1.0, -1.0]])
        >>> PPO(temperature=1.0)(scores, targets, torch.ones(1, 2, dtype=torch.bool))
        tensor(-0.2000)
    """

    clip: float = 0.2
    temperature: float = 0.05

    looks_back: ClassVar[bool] = True
    """The reference are the student's scores before the training."""

    def __post_init__(self) -> None:
        """Refuse a clip that is no share and a temperature that no softmax has."""
        check_above_zero(self, "clip", "temperature")
        check_share(self, "clip")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to choose from, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and rewards, after a policy that scored as the reference."""
        log_q_BK = log_policy(told(reference, scores), mask, self.temperature)
        before_BK = shown(log_q_BK.exp(), mask)
        rewards_BK = shown(targets, mask)
        advantages_BK = rewards_BK - (before_BK * rewards_BK).sum(dim=1, keepdim=True)
        ratios_BK = (log_policy(scores, mask, self.temperature) - log_q_BK).exp()
        of_query_B = -(before_BK * clipped(ratios_BK, advantages_BK, self.clip)).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
