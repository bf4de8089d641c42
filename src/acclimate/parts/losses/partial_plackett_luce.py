"""PartialPlackettLuce: the documents with a place are ranked so, above all that have none.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PartialPlackettLuce:
    """Surprise at a ranking of which only the first places are known.

    Documents with targets above 0 have a place: the highest target is first. A query's loss is
    Σ_r −ln (e^(s_r) / Z_r) over them, with s / temperature for the scores; Z_r sums over document
    r and all that have a lower target, so the order of the rest is left open. With one place it is
    `losses.InfoNCE`; with preferred and rejected document (targets 2 and 1) the paper's loss.

    Rows: [016].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025, section 3.2. https://arxiv.org/abs/2502.03824
    Code:    kmswin1/Syntriever, stage 2.
    Differs: any number of places. Documents of equal target follow the order of their columns.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch.

    Args:
        temperature: divides the scores. Paper: 1 / 20.
        in_batch: whether the documents of the other queries of a batch are among the rest.
            Paper: yes.

    Returns:
        The loss, a scalar; zero where no document of any query has a place.

    Example:
        >>> loss = PartialPlackettLuce(temperature=1.0)
        >>> scores, targets = torch.tensor([[3.0, 1, 2, 0]]), torch.tensor([[2.0, 0, 1, 0]])
        >>> loss(scores, targets, torch.ones(1, 4, dtype=torch.bool))
        tensor(0.8478)
    """

    temperature: float = 0.05
    in_batch: bool = True

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a document with a place, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        placed_BK = mask & (targets > 0)
        places_BK = hidden(targets, placed_BK).argsort(dim=1, descending=True, stable=True)
        order_BK = places_BK.flip(1)  # from the rest up to the first place
        logits_BK = hidden(scores / self.temperature, mask).gather(1, order_BK)
        surprise_BK = logits_BK.logcumsumexp(dim=1) - logits_BK
        ranked_BK = placed_BK.gather(1, order_BK)
        kept_BK = torch.where(ranked_BK, surprise_BK, torch.zeros_like(surprise_BK))
        return mean_over(kept_BK.sum(dim=1), placed_BK.any(dim=1))
