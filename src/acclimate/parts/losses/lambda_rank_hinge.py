"""LambdaRankHinge: a document that helps scores a margin above what helps less.

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._pairs import above, differences, gain_changes, pair_sum, ranks, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_depth


@dataclass(frozen=True, kw_only=True)
class LambdaRankHinge:
    """Hinge loss of pairs, weighted by how much nDCG changes when they change places.

    A target is how much a document raises a reader's log-likelihood; above 0 it helps. A pair
    (i, j) with t_i > t_j and t_i > 0 costs λ · max(0, margin − (s_i − s_j)), with λ = |Δ nDCG| in
    the student's list, gains 2^t − 1 and discounts 1 / log2(rank + 1). A query's loss is the sum
    over its pairs, the loss is the mean over queries.

    Rows: [066].

    Paper:   Rubin, Berant, Long-range Language Modeling with Self-retrieval, TACL 2024, section
             3. https://arxiv.org/abs/2306.13421
    Code:    OhadRubin/RPT.
    Differs: λ is the standard one; the released code multiplies by the difference of the log2
             terms themselves. What makes the reader worse gains 0 and not less.
    Cost:    nothing beside the scores; memory grows with K².

    Args:
        margin: a difference of scores, after which a pair costs nothing. For cosines about 0.1.
        depth: ranks that count for nDCG. None: all.

    Returns:
        The loss, a scalar; zero where no query has a document that helps and one that helps less.

    Example:
        >>> scores, targets = torch.tensor([[0.2, 0.9, 0.1]]), torch.tensor([[2.0, 0.5, 0]])
        >>> LambdaRankHinge(margin=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.6186)
    """

    margin: float = 0.1
    depth: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no pair has."""
        check_above_zero(self, "margin")
        check_depth(self, self.depth)

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a pair, (B,) bool."""
        return _pairs(targets, mask).any(dim=2).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        weights_BKK = gain_changes(targets, ranks(scores, mask), mask, self.depth).to(scores)
        short_BKK = (self.margin - differences(shown(scores, mask))).clamp(min=0)
        of_query_B = pair_sum(weights_BKK * short_BKK, _pairs(targets, mask))
        return mean_over(of_query_B, self.counts(targets, mask))


def _pairs(targets_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Where i helps, and more than j, (B, K, K) bool."""
    return above(targets_BK, mask_BK) & (targets_BK > 0)[:, :, None]
