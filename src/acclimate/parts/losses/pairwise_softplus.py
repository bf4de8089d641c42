"""PairwiseSoftplus: each relevant document scores above each that is not.

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import differences, pair_mean, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PairwiseSoftplus:
    """Mean of ln(1 + exp((s⁻ − s⁺) / temperature)) over a relevant and an irrelevant document.

    A document is relevant where its target is above 0. With `in_batch` the documents of the other
    queries are the paper's random negatives, and stand in one mean with the query's own, the hard
    ones. A query's loss is the mean over its pairs, the loss is the mean over queries.

    Rows: [113].

    Paper:   Zhan, Mao, Liu, Guo, Zhang, Ma, Optimizing Dense Retrieval Model Training with Hard
             Negatives, SIGIR 2021, section 4 (STAR). https://arxiv.org/abs/2104.08051
    Code:    jingtaozhan/DRhard, star (its mean over all pairs).
    Differs: the paper weighs random pairs by a factor that its code leaves out; so does this. The
             mean is taken within a query first, so that each query counts the same.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch. Memory grows with K².

    Args:
        temperature: divides the scores. For cosines about 0.05. Paper: 1.
        in_batch: whether the documents of the other queries of a batch count as not relevant.

    Returns:
        The loss, a scalar; zero where no query has both kinds of documents.

    Example:
        >>> scores, targets = torch.tensor([[2.0, 1, 2.5]]), torch.tensor([[1.0, 0, 0]])
        >>> PairwiseSoftplus(temperature=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(0.6437)
    """

    temperature: float = 0.05
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse a temperature that divides nothing."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document and another, (B,) bool."""
        return _pairs(targets, mask).any(dim=2).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        margins_BKK = differences(shown(scores, mask)) / self.temperature
        of_query_B = pair_mean(functional.softplus(-margins_BKK), _pairs(targets, mask))
        return mean_over(of_query_B, self.counts(targets, mask))


def _pairs(targets_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Where i is relevant and j is not, (B, K, K) bool."""
    relevant_BK = mask_BK & (targets_BK > 0)
    return relevant_BK[:, :, None] & (mask_BK & ~relevant_BK)[:, None, :]
