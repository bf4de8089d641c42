"""LambdaMRR: pairs count as much as their ranks differ in reciprocal rank.

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import (
    above,
    differences,
    pair_mean,
    pair_sum,
    ranks,
    reciprocal_changes,
    shared_ranks,
    shown,
)
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class LambdaMRR:
    """Logistic loss of pairs, weighted by the difference of their reciprocal ranks.

    A pair (i, j) with t_i > t_j costs |1/r_i − 1/r_j| · ln(1 + exp(−(s_i − s_j) / temperature)).
    The ranks are the teacher's in the paper (equal values share a rank) and the student's in the
    released code, so that either the top of the teacher's list weighs most or what the student
    has at the top. The loss is the mean over queries.

    Rows: [012].

    Paper:   Li, Lv, Yan, Lin, Zhu, Ni, Xie, Wang, Qiu, Unified Demonstration Retriever for
             In-Context Learning, ACL 2023, section 3.3. https://arxiv.org/abs/2305.04320
    Code:    KaiLv69/UDR; its form is `ranks="student", pairs="mean"`.
    Differs: the contrastive part of UDR's loss is a loss of its own: `InfoNCE`.
    Cost:    nothing beside the scores; memory grows with K².

    Args:
        ranks: whose ranks weigh the pairs. Paper: the teacher's.
        pairs: how the pairs of a query are joined. Paper: their sum.
        temperature: divides the student's scores. For cosines about 0.05. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has documents of different values.

    Example:
        >>> scores, targets = torch.tensor([[1.0, 2, 0]]), torch.tensor([[3.0, 2, 1]])
        >>> LambdaMRR(temperature=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.8866)
    """

    ranks: Literal["teacher", "student"] = "teacher"
    pairs: Literal["sum", "mean"] = "sum"
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a temperature that divides nothing."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a pair, (B,) bool."""
        return above(targets, mask).any(dim=2).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        own = self.ranks == "student"
        ranks_BK = ranks(scores, mask) if own else shared_ranks(targets, mask)
        weights_BKK = reciprocal_changes(ranks_BK).to(scores)
        margins_BKK = differences(shown(scores, mask)) / self.temperature
        costs_BKK = weights_BKK * functional.softplus(-margins_BKK)
        join = pair_sum if self.pairs == "sum" else pair_mean
        of_query_B = join(costs_BKK, above(targets, mask))
        return mean_over(of_query_B, self.counts(targets, mask))
