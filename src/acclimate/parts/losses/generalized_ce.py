"""GeneralizedCE: between cross-entropy and plain error, for labels that may be wrong.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero, check_share


@dataclass(frozen=True, kw_only=True)
class GeneralizedCE:
    """The generalised cross-entropy (1 − P^q) / q of picking a relevant document.

    P is the probability that softmax(s / temperature) gives to the relevant documents together,
    those with a target above 0. Near q = 0 it is the cross-entropy −ln P, at q = 1 the error 1 − P,
    which a wrong label pulls least. Queries with P at or below `least` are taken to be mislabelled:
    they cost what P = `least` does and teach nothing. The loss is the mean over queries.

    Rows: [033].

    Paper:   Zhang, Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with
             Noisy Labels, NeurIPS 2018, section 3. https://arxiv.org/abs/1805.07836; on
             retrieved labels: ReGen, Findings of ACL 2023. https://arxiv.org/abs/2305.10703
    Code:    q and the threshold of ReGen's code.
    Differs: classes are a query's documents, and several relevant ones are one class. `least` is 0
             by default: an untrained student gives no document half of the probability.
    Cost:    nothing beside the scores; `in_batch` scores each query against all documents of its
             batch.

    Args:
        q: above 0, up to 1. Paper: 0.7.
        least: probability up to which a label is not believed. Paper: 0.5.
        temperature: divides the scores. For cosines about 0.05. Paper: 1.
        in_batch: whether the documents of the other queries of a batch count as not relevant.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> scores, targets = torch.tensor([[0.25, 0.75]]).log(), torch.tensor([[1.0, 0]])
        >>> GeneralizedCE(q=0.5, temperature=1.0)(scores, targets, torch.ones(1, 2).bool())
        tensor(1.)
    """

    q: float = 0.7
    least: float = 0.0
    temperature: float = 0.05
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse powers, probabilities and temperatures that are none."""
        check_above_zero(self, "q", "temperature")
        check_share(self, "q", "least")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        log_p_BK = hidden(scores / self.temperature, mask).log_softmax(dim=1)
        log_p_B = hidden(log_p_BK, targets > 0).logsumexp(dim=1)
        power_B = (self.q * log_p_B).exp().clamp(min=self.least**self.q)
        return mean_over((1 - power_B) / self.q, self.counts(targets, mask))
