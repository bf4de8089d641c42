"""MarginalLikelihood: the retriever learns from what its documents let a reader say.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._pairs import possible, reachable
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class MarginalLikelihood:
    """Negative logarithm of an answer's likelihood, over the documents it may be read from.

    The targets are logarithms of a reader's likelihoods, t_k = ln p(answer | query, document k).
    With p = softmax(s / temperature), a query's loss is −ln Σ_k p_k e^{t_k}, the loss is the mean
    over queries. A document gains score where it explains the answer better than the documents do
    on the whole: the gradient is p_k less the posterior, p_k e^{t_k} / Σ p e^t. Likelihoods of 0
    and 1 (−inf and 0) say which documents hold the answer. A row may be an answer as a whole
    (RAG-sequence) or one of its tokens, with the same scores for all of them (RAG-token).

    Rows: [003], [007], [020], [040], [043], [080], [107].

    Paper:   Guu, Lee, Tung, Pasupat, Chang, REALM, ICML 2020, section 3.
             https://arxiv.org/abs/2002.08909; Lee, Chang, Toutanova, Latent Retrieval for Weakly
             Supervised Open Domain Question Answering, ACL 2019. https://arxiv.org/abs/1906.00300
    Code:    google-research/language, orqa and realm.
    Differs: the reader does not learn; its likelihoods are labels.
    Cost:    nothing beside the scores; the labels cost one reading of each document.

    Args:
        temperature: divides the scores. For cosines about 0.05; the square root of the dimension
            for inner products of plain vectors. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has two documents, one of them with a likelihood
        above 0.

    Example:
        >>> scores, targets = torch.tensor([[0.6, 0.4]]).log(), torch.tensor([[0.2, 0.05]]).log()
        >>> MarginalLikelihood(temperature=1.0)(scores, targets, torch.ones(1, 2).bool())
        tensor(1.9661)
    """

    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents and an answer that one of them allows, (B,) bool."""
        return (mask.sum(dim=1) >= 2) & possible(targets, mask).any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        log_p_BK = hidden(scores / self.temperature, mask).log_softmax(dim=1)
        of_query_B = -(log_p_BK + reachable(targets, mask)).logsumexp(dim=1)
        return mean_over(of_query_B, self.counts(targets, mask))
