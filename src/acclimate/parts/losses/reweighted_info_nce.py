"""ReweightedInfoNCE: documents that may be relevant after all count less against.

Shapes: B queries, K documents of each; column 0 is the relevant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero, check_not_negative


@dataclass(frozen=True, kw_only=True)
class ReweightedInfoNCE:
    """Cross-entropy of picking the relevant document, where the others may be false negatives.

    Targets are probabilities of being relevant, such as `loops.FalseNegativeAdapter` gives. A
    query's loss is ln(e^(s_0) + Σ_k (1 − t_k)^gamma e^(s_k)) − s_0 over its documents k ≥ 1, with
    s / temperature for the scores. A document that is surely relevant is left out. What the
    target of column 0 is does not matter.

    Rows: [025].

    Paper:   RRRA: Resampling and Reranking through a Retriever Adapter, 2025, section 3.
             https://arxiv.org/abs/2508.11670
    Code:    none published.
    Differs: the paper draws others with s_HN · (1 − p)^gamma; here each counts with that weight,
             which is the same on the mean over draws, and e^s takes the place of s_HN.
    Cost:    nothing beside the scores.

    Args:
        temperature: divides the scores. For cosines 0.05.
        gamma: how much a doubt counts; 0 is `losses.ListSoftmaxCE`.

    Returns:
        The loss, a scalar; zero where no query has its relevant document and another.

    Example:
        >>> loss = ReweightedInfoNCE(temperature=1.0, gamma=2.0)
        >>> scores, targets = torch.tensor([[1.0, 0.8]]).log(), torch.tensor([[1.0, 0.5]])
        >>> loss(scores, targets, torch.ones(1, 2, dtype=torch.bool))
        tensor(0.1823)
    """

    temperature: float = 0.05
    gamma: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has, and doubts that count for."""
        check_above_zero(self, "temperature")
        check_not_negative(self, "gamma")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have their relevant document and another, (B,) bool."""
        del targets
        return mask[:, 0] & mask[:, 1:].any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores; targets are probabilities of being relevant."""
        logits_BK = hidden(scores / self.temperature, mask)
        source_B, others_BK = logits_BK[:, 0], logits_BK[:, 1:]
        doubt_BK = targets[:, 1:].detach().clamp(min=0)
        weighed_BK = others_BK + self.gamma * torch.log1p(-doubt_BK)
        against_B = hidden(weighed_BK, mask[:, 1:] & (doubt_BK < 1)).logsumexp(dim=1)
        of_query_B = torch.logaddexp(source_B, against_B) - source_B
        return mean_over(of_query_B, self.counts(targets, mask))
