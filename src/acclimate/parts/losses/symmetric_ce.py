"""SymmetricCE: cross-entropy both ways, which wrong labels pull less.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero, check_not_negative


@dataclass(frozen=True, kw_only=True)
class SymmetricCE:
    """Cross-entropy of picking a relevant document, and the reverse cross-entropy.

    A document is relevant where its target is above 0. With P the probability that softmax(s /
    temperature) gives to the relevant ones together, a query's loss is forward · −ln P + reverse ·
    (1 − P) · −ln floor: the label is a distribution whose zeros are `floor`, and the student's
    probability is charged for where they are. The second part is bounded, so a wrong label costs
    only so much. The loss is the mean over queries.

    Rows: [033].

    Paper:   Wang, Ma, Chen, Luo, Yi, Bailey, Symmetric Cross Entropy for Robust Learning with
             Noisy Labels, ICCV 2019, section 3. https://arxiv.org/abs/1908.06112; on retrieved
             labels: ReGen, Findings of ACL 2023. https://arxiv.org/abs/2305.10703
    Code:    the weights and the floor of ReGen's code.
    Differs: classes are a query's documents; several relevant ones are one class.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch.

    Args:
        forward: weight of the cross-entropy. Paper: 0.1.
        reverse: weight of the reverse cross-entropy. Paper: 1.
        floor: the label's probability of an irrelevant document, above 0, below 1. Paper: 0.0001.
        temperature: divides the scores. For cosines about 0.05. Paper: 1.
        in_batch: whether the documents of the other queries of a batch count as not relevant.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> scores, targets = torch.tensor([[0.7, 0.2, 0.1]]).log(), torch.tensor([[1.0, 0, 0]])
        >>> SymmetricCE(temperature=1.0)(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(2.7988)
    """

    forward: float = 0.1
    reverse: float = 1.0
    floor: float = 1e-4
    temperature: float = 0.05
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse weights below 0, a floor that is no probability and a temperature of 0."""
        check_above_zero(self, "temperature")
        check_not_negative(self, "forward", "reverse")
        if not 0 < self.floor < 1:
            raise RecipeError(f"{self!r}: floor must lie above 0 and below 1.")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        log_p_BK = hidden(scores / self.temperature, mask).log_softmax(dim=1)
        log_p_B = hidden(log_p_BK, targets > 0).logsumexp(dim=1)
        reverse_B = (1 - log_p_B.exp()) * -math.log(self.floor)
        of_query_B = self.reverse * reverse_B - self.forward * log_p_B
        return mean_over(of_query_B, self.counts(targets, mask))
