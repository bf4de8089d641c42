"""SampledSoftmax: the softmax over all documents, from a few that were drawn.

Shapes: B queries, K documents of each; column 0 is the relevant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._policy import told
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class SampledSoftmax:
    """Cross-entropy of picking the relevant document, corrected for how the others were drawn.

    The reference is ln Q, the log-probability each document had of being drawn (none: all alike).
    With l = s / temperature − ln Q, a query's loss is ln Σ_k e^(l_k) − l_0. Documents that are
    drawn often count less, so that with many draws the gradient comes to that of the softmax over
    all documents. With a uniform Q the correction is a constant and changes nothing. Targets are
    not looked at.

    Rows: [027].

    Paper:   Huang, Lian, Chen, Liu, Xie, Chen, Cooperative Retriever and Ranker in Deep
             Recommenders, WWW 2023, section 3.2. https://arxiv.org/abs/2206.14649; Bengio,
             Senécal, Adaptive Importance Sampling, 2008.
    Code:    AngusHuang17/CoRR_www, sampled softmax loss.
    Differs: nothing known.
    Cost:    nothing beside the scores.

    Args:
        temperature: divides the scores. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has its relevant document and another.

    Example:
        >>> scores, drawn = torch.tensor([[1.0, 2, 0]]), torch.tensor([[0.25, 0.5, 0.25]])
        >>> mask = torch.ones(1, 3, dtype=torch.bool)
        >>> SampledSoftmax()(scores, torch.zeros(1, 3), mask, drawn.log())
        tensor(1.0032)
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have their relevant document and another, (B,) bool."""
        del targets
        return mask[:, 0] & mask[:, 1:].any(dim=1)

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores; the reference is the log-probability of being drawn."""
        logits_BK = hidden(scores / self.temperature - told(reference, scores), mask)
        of_query_B = logits_BK.logsumexp(dim=1) - logits_BK[:, 0]
        return mean_over(of_query_B, self.counts(targets, mask))
