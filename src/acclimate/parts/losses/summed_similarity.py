"""SummedSimilarity: a query's relevant documents together score above every other's.

Shapes: B queries, N documents of the whole batch, the same for every query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class SummedSimilarity:
    """Cross-entropy of picking the query's own set of relevant documents, by summed scores.

    A document is relevant to the queries for which its target is above 0. Query i gives the set
    of query j the logit Σ s_ik / temperature over that set, and each document that is relevant to
    no query the logit s_ik / temperature; its loss is the cross-entropy of its own set. The
    scores are summed before the exponential, so one high score cannot stand for the others.

    Rows: [016].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025, section 3.1. https://arxiv.org/abs/2502.03824
    Code:    kmswin1/Syntriever, stage 1.
    Differs: sets may have any size. (The paper writes a sum of exponentials; its code sums
             similarities.)
    Cost:    the scores of all queries with all documents of the batch.

    Args:
        temperature: divides the scores. Paper: 1 / 20.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> loss = SummedSimilarity(temperature=1.0)
        >>> scores, targets = torch.tensor([[2.0, 1, 0]]), torch.tensor([[1.0, 1, 0]])
        >>> loss(scores, targets, torch.ones(1, 3, dtype=torch.bool))  # ln(1 + e⁻³)
        tensor(0.0486)
    """

    in_batch: ClassVar[bool] = True
    shared: ClassVar[bool] = True

    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, N) scores and targets."""
        logits_BN = torch.where(mask, scores / self.temperature, torch.zeros_like(scores))
        relevant_BN = mask & (targets > 0)
        counts_B = relevant_BN.any(dim=1)
        sets_NB = relevant_BN.to(scores.dtype).T
        sums_BB = logits_BN @ sets_NB
        # a set counts against a query where the query sees all of it
        lacking_BB = (~mask).to(scores.dtype) @ sets_NB
        seen_BB = (lacking_BB == 0) & counts_B
        alone_BN = mask & ~relevant_BN.any(dim=0)
        against_B = torch.cat([hidden(sums_BB, seen_BB), hidden(logits_BN, alone_BN)], dim=1)
        return mean_over(against_B.logsumexp(dim=1) - sums_BB.diagonal(), counts_B)
