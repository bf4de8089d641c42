"""MultiPositiveInfoNCE: every relevant document scores above those that are not.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class MultiPositiveInfoNCE:
    """Cross-entropy of picking a relevant document, one at a time, from those that are not.

    A document is relevant where its target is above 0. A query's loss is the mean over its
    relevant documents p of −ln (e^p / (e^p + Σ e^n)), with s / temperature for the scores and n
    those that are not relevant: relevant documents do not compete with each other, as they do in
    `losses.InfoNCE(several="each")`. With one relevant document both are the same.

    Rows: [088].

    Paper:   Yu, Xiong, Yu, Liu, Augmentation-Adapted Retriever, ACL 2023, section 3.3.
             https://arxiv.org/abs/2305.17331
    Code:    OpenMatch/Augmentation-Adapted-Retriever.
    Differs: nothing known.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch.

    Args:
        temperature: divides the scores. Paper: 1 for T5-ANCE, 0.05 for Contriever.
        in_batch: whether the documents of the other queries of a batch count as not relevant.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> loss = MultiPositiveInfoNCE(temperature=1.0)
        >>> scores, targets = torch.tensor([[2.0, 1, 0, -1]]), torch.tensor([[1.0, 1, 0, 0]])
        >>> loss(scores, targets, torch.ones(1, 4, dtype=torch.bool))
        tensor(0.2887)
    """

    temperature: float = 0.05
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        logits_BK = hidden(scores / self.temperature, mask)
        relevant_BK = mask & (targets > 0)
        others_B1 = hidden(logits_BK, ~relevant_BK).logsumexp(dim=1, keepdim=True)
        surprise_BK = torch.logaddexp(logits_BK, others_B1) - logits_BK
        kept_BK = torch.where(relevant_BK, surprise_BK, torch.zeros_like(surprise_BK))
        of_query_B = kept_BK.sum(dim=1) / relevant_BK.sum(dim=1).clamp(min=1)
        return mean_over(of_query_B, self.counts(targets, mask))
