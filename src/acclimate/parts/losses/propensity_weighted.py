"""PropensityWeighted: documents that nobody was likely to judge count for those like them.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PropensityWeighted:
    """Listwise cross-entropy, corrected for which documents were selected to be judged.

    A document has a label only if it is relevant and was selected. The reference holds the logits
    of a model of selection, P(selected) = σ(reference); without one every document was as likely
    to be. A document with a target above 0 counts w = P(selected of the likeliest relevant one) /
    P(selected), at most `most`. With `others="by posterior"` a document without a label stands
    among the alternatives only as far as it is not relevant after all: 1 − `posterior`. A query's
    loss is −Σ w ln softmax(s / temperature) over its relevant documents, the loss is the mean over
    queries. For a selection model the roles are changed: its logits are the scores, and the
    reference those of relevance.

    Rows: [034].

    Paper:   Cai, Guo, Fan, Ai, Zhang, Cheng, Hard Negatives or False Negatives: Correcting Pooling
             Bias in Training Neural Ranking Models, CIKM 2022. https://arxiv.org/abs/2209.05072
    Code:    none published.
    Differs: the paper's formulas could not be checked; these follow its description and the dual
             learning algorithm it builds on (Ai et al., SIGIR 2018).
    Cost:    nothing beside the scores; the reference is the scoring of a second model.

    Args:
        temperature: divides the scores. For cosines about 0.05.
        most: the highest weight of a document, so that a rare one does not rule the batch.
        others: how documents without a label stand among the alternatives.

    Returns:
        The loss, a scalar; zero where no query has a relevant document.

    Example:
        >>> scores, targets = torch.tensor([[2.0, 1, 0, -1]]), torch.tensor([[1.0, 1, 0, 0]])
        >>> PropensityWeighted(temperature=1.0)(scores, targets, torch.ones(1, 4).bool())
        tensor(1.8804)
    """

    temperature: float = 0.05
    most: float = 10.0
    others: Literal["all alike", "by posterior"] = "all alike"

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has, and weights of nothing."""
        check_above_zero(self, "temperature", "most")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a relevant document, (B,) bool."""
        return (mask & (targets > 0)).any(dim=1)

    def __call__(
        self,
        scores: torch.Tensor,
        targets: torch.Tensor,
        mask: torch.Tensor,
        reference: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets, judged where the reference's logits are high."""
        relevant_BK = mask & (targets > 0)
        logits_BK = hidden(scores / self.temperature, mask)
        weights_BK, others_BK = torch.ones_like(scores), torch.zeros_like(scores)
        if reference is not None:
            selected_BK = shown(reference, mask).detach().sigmoid()
            likeliest_B1 = shown(selected_BK, relevant_BK).amax(dim=1, keepdim=True)
            weights_BK = (likeliest_B1 / selected_BK).clamp(max=self.most)
            if self.others == "by posterior":
                doubt_BK = posterior(logits_BK.detach().sigmoid(), selected_BK)
                others_BK = shown(torch.log1p(-doubt_BK), ~relevant_BK)
        whole_B1 = (logits_BK + others_BK).logsumexp(dim=1, keepdim=True)
        surprise_BK = shown(whole_B1 - logits_BK, relevant_BK)
        return mean_over((weights_BK * surprise_BK).sum(dim=1), self.counts(targets, mask))


def posterior(relevant: torch.Tensor, selected: torch.Tensor) -> torch.Tensor:
    """How likely a document without a label is relevant: R (1 − S) / (1 − R S).

    Args:
        relevant: R, its probability to be relevant before it is known to have no label.
        selected: S, its probability to be selected for judging.
    """
    return relevant * (1 - selected) / (1 - relevant * selected)
