"""ListSoftmaxCE: the first document of a list scores above the others.

Shapes: B queries, K documents of each; column 0 is the relevant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class ListSoftmaxCE:
    """Cross-entropy of picking the document of column 0 from a query's list.

    A query's loss is ln Σ_k e^(s_k) − s_0, with s / temperature for the scores. Unlike
    `losses.InfoNCE` it looks at no target: so a teacher's values, which say nothing by being above
    0, may stand there for another member of a `losses.WeightedSum`.

    Rows: [081].

    Paper:   Zhou et al., R2anker, 2022, section 3. https://arxiv.org/abs/2206.08063; as the loss
             of a reward model: Wang, Yang, Wei, LLM-R, EACL 2024, section 3.3.
             https://arxiv.org/abs/2307.07164
    Code:    microsoft/LMOps, llm_retriever (reward model).
    Differs: nothing known.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch.

    Args:
        temperature: divides the scores. A reranker's: 1.
        in_batch: whether the documents of the other queries of a batch are in the list.

    Returns:
        The loss, a scalar; zero where no query has its first document and another.

    Example:
        >>> scores, targets = torch.zeros(1, 4), torch.tensor([[2.0, 1, 0, 0]])
        >>> ListSoftmaxCE()(scores, targets, torch.ones(1, 4, dtype=torch.bool))
        tensor(1.3863)
    """

    temperature: float = 1.0
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have their first document and another, (B,) bool."""
        del targets
        return mask[:, 0] & mask[:, 1:].any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores."""
        logits_BK = hidden(scores / self.temperature, mask)
        of_query_B = logits_BK.logsumexp(dim=1) - logits_BK[:, 0]
        return mean_over(of_query_B, self.counts(targets, mask))
