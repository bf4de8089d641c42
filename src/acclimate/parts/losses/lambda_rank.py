"""LambdaRank: a pair counts as much as the measure would change if it changed places.

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
    gain_changes,
    pair_mean,
    ranks,
    reciprocal_changes,
    shown,
)
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_depth


@dataclass(frozen=True, kw_only=True)
class LambdaRank:
    """Logistic loss of pairs, weighted by how much the student's list would gain by a swap.

    A pair (i, j) with t_i > t_j costs w · ln(1 + exp(−(s_i − s_j) / temperature)), where w is the
    change of the measure when i and j change places in the student's list: |1/r_i − 1/r_j| for
    "mrr", |Δ nDCG| with gains 2^t − 1 (0 below t = 0) for "ndcg". Ranks below `depth` are worth
    nothing. A query's loss is the mean over its pairs, the loss is the mean over queries.

    Rows: [113].

    Paper:   Zhan, Mao, Liu, Guo, Zhang, Ma, Optimizing Dense Retrieval Model Training with Hard
             Negatives, SIGIR 2021, section 4 (ADORE). https://arxiv.org/abs/2104.08051; the
             method: Burges, From RankNet to LambdaRank to LambdaMART, 2010.
    Code:    jingtaozhan/DRhard, adore/lambda rank loss ("mrr"); sentence-transformers' LambdaLoss
             with LambdaRankScheme is the "ndcg" form for cross-encoders.
    Differs: ranks are those among the labelled documents; graded values make pairs as well.
    Cost:    nothing beside the scores; memory grows with K².

    Args:
        metric: which measure a swap changes. Paper: mrr.
        depth: ranks that count. None: all. Paper: 200.
        temperature: divides the student's scores. For cosines about 0.05. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has documents of different values.

    Example:
        >>> scores, targets = torch.tensor([[2.0, 3, 1]]), torch.tensor([[1.0, 0, 0]])
        >>> LambdaRank(temperature=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.3544)
    """

    metric: Literal["mrr", "ndcg"] = "mrr"
    depth: int | None = None
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse what no list has."""
        check_above_zero(self, "temperature")
        check_depth(self, self.depth)

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a pair, (B,) bool."""
        return above(targets, mask).any(dim=2).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        ranks_BK = ranks(scores, mask)
        if self.metric == "mrr":
            weights_BKK = reciprocal_changes(ranks_BK, self.depth).to(scores)
        else:
            weights_BKK = gain_changes(targets, ranks_BK, mask, self.depth).to(scores)
        margins_BKK = differences(shown(scores, mask)) / self.temperature
        costs_BKK = weights_BKK * functional.softplus(-margins_BKK)
        of_query_B = pair_mean(costs_BKK, above(targets, mask))
        return mean_over(of_query_B, self.counts(targets, mask))
