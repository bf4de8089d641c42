"""InfoNCE: relevant documents score above the others.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._rows import hidden, mean_over


@dataclass(frozen=True, kw_only=True)
class InfoNCE:
    """Cross-entropy of picking a relevant document among a query's documents.

    A document is relevant where its target is above 0. With p = softmax(s / temperature), a
    query's loss is −ln Σ p over its relevant documents (`several="any"`, the disjunctive form: it
    is enough that one of them scores high, which bears wrong labels) or −Σ ln p (`several="each"`,
    the conjunctive form: every one must). With one relevant document the two are the same. The
    loss is the mean over the queries that have one.

    Rows: [001].

    Paper:   van den Oord, Li, Vinyals, Representation Learning with Contrastive Predictive
             Coding, 2018, section 2.3. https://arxiv.org/abs/1807.03748; several relevant
             documents: Zhang et al., Leveraging LLMs for Utility-Focused Annotation, 2025,
             section 4. https://arxiv.org/abs/2504.05220
    Code:    none followed.
    Differs: nothing known. ("each" is the sum form of the second paper's equation 4.)
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch. Large batches need no cached form: the training loop encodes first and carries
             the gradient of the vectors back in pieces, which is what one does.

    Args:
        temperature: divides the scores. For cosines 0.05.
        in_batch: whether the documents of the other queries of a batch count as not relevant.
        several: what is asked of several relevant documents.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> scores, targets = torch.tensor([[2.0, 1, 0, -1]]), torch.tensor([[1.0, 0, 0, 0]])
        >>> InfoNCE(temperature=1.0)(scores, targets, torch.ones(1, 4, dtype=torch.bool))
        tensor(0.4402)
    """

    temperature: float = 0.05
    in_batch: bool = False
    several: Literal["any", "each"] = "any"

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        if self.temperature <= 0:
            raise RecipeError(f"{self!r}: a temperature divides and must be above 0.")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        logits_BK = hidden(scores / self.temperature, mask)
        relevant_BK = mask & (targets > 0)
        whole_B1 = logits_BK.logsumexp(dim=1, keepdim=True)
        if self.several == "any":
            of_query_B = whole_B1[:, 0] - hidden(logits_BK, relevant_BK).logsumexp(dim=1)
        else:
            surprise_BK = whole_B1 - logits_BK
            kept_BK = torch.where(relevant_BK, surprise_BK, torch.zeros_like(surprise_BK))
            of_query_B = kept_BK.sum(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
