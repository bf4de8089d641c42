"""PolicyGradient: the retriever is a policy, and the reward of its documents is expected to rise.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from acclimate.parts.losses._pairs import reachable, shown
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PolicyGradient:
    """Negative expected reward of a document drawn by the retriever.

    With the policy p = softmax(s / temperature) and rewards R, a query's loss is −Σ_k p_k R_k, the
    loss is the mean over queries. Its gradient is −p_k (R_k − Σ p R): REINFORCE with the best
    baseline, and without its noise, since every document's reward is known. A reward that all
    documents share teaches nothing.

    Rows: [006], [043], [115].

    Paper:   Williams, Simple Statistical Gradient-Following Algorithms for Connectionist
             Reinforcement Learning, 1992; for retrievers: Zhang, Sun, Gao et al., RetGen, AAAI
             2022, section 3. https://arxiv.org/abs/2105.06597; Bacciu et al., RRAML, 2023.
             https://arxiv.org/abs/2307.12798
    Code:    dreasysnail/RetGen, retriever_ft.py; its gradient is this one's.
    Differs: the expectation is exact and not drawn, so no running baseline is needed (CGR, [006],
             keeps one).
    Cost:    nothing beside the scores; the labels cost one reading of each document.

    Args:
        temperature: divides the scores. For cosines about 0.05.
        rewards: what the targets are: rewards, or logarithms of likelihoods, which are raised to
            rewards between 0 and 1 as in RetGen.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> scores, targets = torch.tensor([[0.6, 0.4]]).log(), torch.tensor([[1.0, 0.5]])
        >>> PolicyGradient(temperature=1.0)(scores, targets, torch.ones(1, 2, dtype=torch.bool))
        tensor(-0.8000)
    """

    temperature: float = 0.05
    rewards: Literal["values", "log-likelihoods"] = "values"

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to choose from, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        values = self.rewards == "values"
        rewards_BK = shown(targets, mask) if values else reachable(targets, mask).exp()
        policy_BK = hidden(scores / self.temperature, mask).softmax(dim=1)
        of_query_B = -(policy_BK * rewards_BK).sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
