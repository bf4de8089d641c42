"""MannWhitney: every relevant document of a batch scores above every one that is not.

Shapes: B queries, K documents of each, P relevant pairs, N others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch

from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class MannWhitney:
    """Logistic loss of each relevant score against each other score, whosever query they are of.

    A document is relevant where its target is above 0. The loss is the mean over the relevant
    scores of Σ ln(1 + e^(−(s⁺ − s⁻) / temperature)) over all others of the batch, or of their
    mean. A contrastive loss does not change when all scores of one query move together; this one
    does, so that one threshold serves all queries: it bounds the area over the curve of true and
    false positives.

    Rows: [042].

    Paper:   Optimizing What Matters: AUC-Driven Learning for Robust Neural Retrieval, 2025,
             section 4. https://arxiv.org/abs/2510.00137
    Code:    none published.
    Differs: the mean over the others is a choice (the paper sums); a query may have several
             relevant documents.
    Cost:    the scores of all queries with all documents of the batch, and P · N pairs of them.

    Args:
        temperature: divides the differences. Paper: 0.01.
        reduction: over the others. Paper: sum.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> loss = MannWhitney(temperature=1.0)
        >>> scores = torch.tensor([[0.9, 0.5], [0.3, 0.4]])
        >>> loss(scores, torch.eye(2), torch.ones(2, 2, dtype=torch.bool))
        tensor(1.1696)
    """

    in_batch: ClassVar[bool] = True

    temperature: float = 0.01
    reduction: Literal["sum", "mean"] = "sum"

    def __post_init__(self) -> None:
        """Refuse a temperature that nothing can be divided by."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        relevant_P, others_N = scores[mask & (targets > 0)], scores[mask & ~(targets > 0)]
        behind_PN = (others_N - relevant_P[:, None]) / self.temperature
        of_pair_PN = torch.nn.functional.softplus(behind_PN)
        pairs = len(relevant_P) * (len(others_N) if self.reduction == "mean" else 1)
        return of_pair_PN.sum() / max(pairs, 1)
