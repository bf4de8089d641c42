"""DPO: of two documents the better one becomes likelier than it was, against the other.

Shapes: B queries, K documents of each; BKK are their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import above, differences, pair_mean, shown
from acclimate.parts.losses._policy import told
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero, check_not_negative


@dataclass(frozen=True, kw_only=True)
class DPO:
    """Direct preference optimisation over pairs of a query's documents.

    A pair (i, j) with t_i − t_j > margin costs −ln σ(beta · [ (s_i − s_j) − (f_i − f_j) ] /
    temperature), where f are the scores of the policy before, the reference; without one all
    documents were as likely. (Policies are a softmax over documents, and what normalises it is the
    same for both of a pair.) A query's loss is the mean over its pairs, the loss is the mean over
    queries. At the reference every pair costs ln 2.

    Rows: [040].

    Paper:   Rafailov, Sharma, Mitchell, Ermon, Manning, Finn, Direct Preference Optimization,
             NeurIPS 2023, section 4. https://arxiv.org/abs/2305.18290; for rewritten queries:
             AdaQR, EMNLP 2024. https://arxiv.org/abs/2406.10991
    Code:    none followed.
    Differs: every pair of labels is a preference; AdaQR writes queries and picks one pair of them.
    Cost:    nothing beside the scores; the reference is one more scoring of the documents. Memory
             grows with K².

    Args:
        beta: how soon a preference is satisfied; small values move far. Paper: 0.1.
        margin: rewards that differ by no more are no preference.
        temperature: divides the scores, and the reference. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has a preference.

    Example:
        >>> scores, targets = torch.tensor([[2.0, 1.0]]), torch.tensor([[1.0, 0.0]])
        >>> DPO(temperature=1.0)(scores, targets, torch.ones(1, 2, dtype=torch.bool), scores)
        tensor(0.6931)
    """

    beta: float = 0.1
    margin: float = 0.0
    temperature: float = 0.05

    looks_back: ClassVar[bool] = True
    """The reference are the student's scores before the training."""

    def __post_init__(self) -> None:
        """Refuse what no preference has."""
        check_above_zero(self, "beta", "temperature")
        check_not_negative(self, "margin")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a preference, (B,) bool."""
        return above(targets, mask, self.margin).any(dim=2).any(dim=1)

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and rewards, after a policy that scored as the reference."""
        moved_BK = shown(scores - told(reference, scores), mask) / self.temperature
        costs_BKK = functional.softplus(-self.beta * differences(moved_BK))
        of_query_B = pair_mean(costs_BKK, above(targets, mask, self.margin))
        return mean_over(of_query_B, self.counts(targets, mask))
