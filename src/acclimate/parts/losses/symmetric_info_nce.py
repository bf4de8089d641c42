"""SymmetricInfoNCE: queries find their documents, and documents their queries.

Shapes: B queries, N documents of the whole batch, the same for every query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._rows import hidden
from acclimate.parts.losses._settings import check_above_zero, check_share


@dataclass(frozen=True, kw_only=True)
class SymmetricInfoNCE:
    """Cross-entropy of picking a query's document, and of picking a document's query.

    A pair is relevant where its target is above 0. With Q = softmax over the documents of a query
    and D = softmax over the queries of a document (of s / temperature), the loss is
    −Σ w (share ln Q + (1 − share) ln D) / Σ w over the relevant pairs; w is 1, or the target.

    Rows: [021], [096].

    Paper:   Jin, Kim, Chen, Comeau, Yeganova, Wilbur, Lu, MedCPT (BioCPT), Bioinformatics 2023,
             section 2.3. https://arxiv.org/abs/2307.00589; with equal shares: Radford et al.,
             CLIP, 2021. https://arxiv.org/abs/2103.00020
    Code:    ncbi/MedCPT, retriever/main.py.
    Differs: a query may have several relevant documents, and a document several queries.
    Cost:    the scores of all queries with all documents of the batch. Large batches need no
             cached variant: the training loop encodes first and carries the gradient of the
             vectors back in pieces, which is what one does.

    Args:
        temperature: divides the scores. For cosines 0.05; BioCPT: 1 on inner products.
        share: of the direction from query to document, 0…1. BioCPT: 0.8.
        weighted: whether a pair counts as much as its target says. BioCPT: log2(clicks + 1).

    Returns:
        The loss, a scalar; zero where no pair is relevant.

    Example:
        >>> loss = SymmetricInfoNCE(temperature=1.0, share=0.8, weighted=True)
        >>> scores, targets = torch.tensor([[2.0, 0], [1, 1]]), torch.tensor([[1.0, 0], [0, 2]])
        >>> loss(scores, targets, torch.ones(2, 2, dtype=torch.bool))
        tensor(0.4662)
    """

    in_batch: ClassVar[bool] = True
    shared: ClassVar[bool] = True

    temperature: float = 0.05
    share: float = 0.5
    weighted: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no temperature and no share."""
        check_above_zero(self, "temperature")
        check_share(self, "share")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, N) scores and targets."""
        logits_BN = hidden(scores / self.temperature, mask)
        relevant_BN = mask & (targets > 0)
        sizes_BN = targets if self.weighted else torch.ones_like(targets)
        weights_BN = torch.where(relevant_BN, sizes_BN, torch.zeros_like(targets))
        gains_BN = self.share * logits_BN.log_softmax(dim=1)
        gains_BN = gains_BN + (1 - self.share) * logits_BN.log_softmax(dim=0)
        kept_BN = torch.where(relevant_BN, gains_BN, torch.zeros_like(gains_BN))
        total = weights_BN.sum()
        return -(weights_BN * kept_BN).sum() / torch.where(total > 0, total, torch.ones_like(total))
