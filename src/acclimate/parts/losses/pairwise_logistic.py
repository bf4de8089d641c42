"""PairwiseLogistic: of two documents, the one the teacher values more scores higher (RankNet).

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import above, differences, pair_mean, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_not_negative


@dataclass(frozen=True, kw_only=True)
class PairwiseLogistic:
    """Logistic loss of every pair of documents that the teacher values differently: RankNet.

    A pair (i, j) with t_i − t_j > margin costs ln(1 + exp(−(s_i − s_j) / temperature)). A query's
    loss is the mean over its pairs, the loss is the mean over queries. Only the teacher's order
    counts, and equal values make no pair.

    Rows: [002], [079].

    Paper:   Burges, Shaked, Renshaw, Lazier, Deeds, Hamilton, Hullender, Learning to Rank using
             Gradient Descent, ICML 2005. https://doi.org/10.1145/1102351.1102363; on preferences
             of language models: FiGRet, 2024, https://arxiv.org/abs/2411.03957, and ARL2, ACL
             2024, https://arxiv.org/abs/2402.13542
    Code:    none followed; sentence-transformers' RankNetLoss is the same for cross-encoders.
    Differs: the temperature, so that cosines can be told apart; FiGRet's and ARL2's exact losses
             are not published.
    Cost:    nothing beside the scores; memory grows with K².

    Args:
        temperature: divides the student's scores. For cosines about 0.05. Paper: 1.
        margin: values that differ by no more make no pair.

    Returns:
        The loss, a scalar; zero where no query has a pair.

    Example:
        >>> scores, targets = torch.tensor([[0.0, 1, 0]]), torch.tensor([[2.0, 1, 0]])
        >>> PairwiseLogistic(temperature=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.7732)
    """

    temperature: float = 0.05
    margin: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no pair has."""
        check_above_zero(self, "temperature")
        check_not_negative(self, "margin")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a pair, (B,) bool."""
        return above(targets, mask, self.margin).any(dim=2).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        margins_BKK = differences(shown(scores, mask)) / self.temperature
        of_query_B = pair_mean(functional.softplus(-margins_BKK), above(targets, mask, self.margin))
        return mean_over(of_query_B, self.counts(targets, mask))
