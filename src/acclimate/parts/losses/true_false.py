"""TrueFalse: each document is told relevant or not, by itself.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import document_mean, shown
from acclimate.parts.losses._rows import mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class TrueFalse:
    """Cross-entropy of answering "true" or "false" for each document.

    A score is how much higher the logit of "true" is than that of "false", so that P(true) =
    σ(s / temperature) is their softmax. A document is relevant where its target is above 0. A
    query's loss is the mean over its documents, the loss is the mean over queries.

    Rows: [031], [106].

    Paper:   Nogueira, Jiang, Pradeep, Lin, Document Ranking with a Pretrained Sequence-to-Sequence
             Model, 2020. https://arxiv.org/abs/2003.06713; on written queries: Bonifacio,
             Abonizio, Fadaee, Nogueira, InPars, SIGIR 2022. https://arxiv.org/abs/2202.05144;
             DocReRank, 2025. https://arxiv.org/abs/2505.22584
    Code:    zetaalphavector/inpars (cross-entropy of the tokens true and false).
    Differs: each query counts the same, however many documents it has.
    Cost:    nothing beside the scores.

    Args:
        temperature: divides the scores. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has a document.

    Example:
        >>> scores, targets = torch.tensor([[0.0, 3.0]]), torch.tensor([[1.0, 1.0]])
        >>> TrueFalse()(scores, targets, torch.tensor([[True, False]]))
        tensor(0.6931)
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that divides nothing."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a document, (B,) bool."""
        del targets
        return mask.any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        logits_BK = shown(scores, mask) / self.temperature
        surprise_BK = functional.softplus(torch.where(targets > 0, -logits_BK, logits_BK))
        return mean_over(document_mean(surprise_BK, mask), self.counts(targets, mask))
