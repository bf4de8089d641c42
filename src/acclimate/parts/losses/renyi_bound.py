"""RenyiBound: a bound of an answer's likelihood, between its sum and its mean logarithm.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._pairs import possible, reachable, shown
from acclimate.parts.losses._policy import log_policy, told
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero, check_share


@dataclass(frozen=True, kw_only=True)
class RenyiBound:
    """Negative Rényi bound of the logarithm of an answer's likelihood.

    The targets are logarithms of a reader's likelihoods t_k; the reference holds the scores f of
    the proposal that chose the documents (none: uniform). Their weights u are softmax(f /
    temperature); where documents were drawn, those of the draw, so that few stand for all
    (`miners.PrioritySampler`, `loops.Sampled`). With ζ = (s − f) / temperature and ln v_k = t_k +
    ζ_k − ln Σ_j u_j e^{ζ_j}, the bound is ln( Σ_k u_k v_k^{1 − alpha} ) / (1 − alpha), and Σ_k u_k
    ln v_k at alpha = 1. At alpha = 0 it is the likelihood itself, whatever the proposal, and where
    none was drawn the loss that of `MarginalLikelihood`. Larger alphas give a lower bound whose
    gradient differs less between documents: begin near 1 and end at 0. The loss is the mean over
    queries.

    Rows: [005].

    Paper:   Liévin, Motzfeldt, Jensen, Winther, Variational Open-Domain Question Answering, ICML
             2023, section 3. https://arxiv.org/abs/2210.06345
    Code:    VodLM/vod-gradients.
    Differs: the reader does not learn. The value is differentiated itself; the published surrogate
             has the same gradient.
    Cost:    nothing beside the scores; the labels cost one reading of each document.

    Args:
        alpha: 0 to 1. Paper: from near 1 down to 0.
        temperature: divides the scores. For cosines about 0.05.

    Returns:
        The loss, a scalar; zero where no query has two documents, one of them with a likelihood
        above 0 (at alpha = 1: all of them).

    Example:
        >>> scores = torch.tensor([[0.5, 0.3, 0.2]]).log()
        >>> targets, drawn = (torch.tensor([t]).log() for t in ([0.1, 0.6, 0.3], [0.2, 0.2, 0.6]))
        >>> RenyiBound(alpha=0.5, temperature=1.0)(scores, targets, torch.ones(1, 3).bool(), drawn)
        tensor(1.4701)
    """

    alpha: float = 0.0
    temperature: float = 0.05

    looks_back: ClassVar[bool] = True
    """The reference are the student's scores before the training."""

    def __post_init__(self) -> None:
        """Refuse what is no bound."""
        check_above_zero(self, "temperature")
        check_share(self, "alpha")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents and a bound above −inf, (B,) bool."""
        likely = possible(targets, mask)
        bounded = (likely == mask).all(dim=1) if self.alpha == 1 else likely.any(dim=1)
        return (mask.sum(dim=1) >= 2) & bounded

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
        weights: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets, under a proposal that scored as the reference."""
        proposal_BK = told(reference, scores)
        log_u_BK = log_policy(proposal_BK, mask, self.temperature)
        if weights is not None:
            log_u_BK = log_policy(weights.detach(), mask, 1.0)
        zeta_BK = shown(scores - proposal_BK, mask) / self.temperature
        whole_B1 = hidden(log_u_BK + zeta_BK, mask).logsumexp(dim=1, keepdim=True)
        log_v_BK = reachable(targets, mask) + zeta_BK - whole_B1
        if self.alpha == 1:
            bound_B = (log_u_BK.exp() * shown(log_v_BK, mask)).sum(dim=1)
        else:
            rest = 1 - self.alpha
            bound_B = hidden(log_u_BK + rest * log_v_BK, mask).logsumexp(dim=1) / rest
        return mean_over(-bound_B, self.counts(targets, mask))
