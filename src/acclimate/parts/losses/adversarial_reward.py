"""AdversarialReward: the retriever looks for what the ranker takes for the source.

Shapes: B queries, K documents of each; column 0 is the document the query was written from.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero, check_share


@dataclass(frozen=True, kw_only=True)
class AdversarialReward:
    """A retriever's loss against a ranker: documents that fool the ranker, and its distribution.

    The targets are the ranker's scores c. With p = softmax(s / student_temperature) and q =
    softmax(c / teacher_temperature), a document's reward is ln( e^{c_0} / (e^{c_0} + e^{c_k}) ),
    low where the ranker takes it for the source. A query's loss is share · Σ_k reward_k ln p_k + (1
    − share) · −Σ_k q_k ln p_k, the loss is the mean over queries.

    Rows: [018].

    Paper:   Zhang, Gong, Shen, Lv, Duan, Chen, Adversarial Retriever-Ranker for Dense Text
             Retrieval, ICLR 2022, section 3. https://arxiv.org/abs/2110.03611
    Code:    microsoft/AR2.
    Differs: both parts are means over queries; the released code sums the first over the batch
             and averages the second.
    Cost:    nothing beside the scores.

    Args:
        share: of the adversarial part; 0 is the distribution alone. Paper: 0.5.
        teacher_temperature: divides the ranker's scores in its distribution. Paper: 1.
        student_temperature: divides the retriever's scores. For cosines about 0.05. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has its source and another document.

    Example:
        >>> scores, targets = torch.tensor([[1.0, 1, 0]]), torch.tensor([[2.0, 1, 0]])
        >>> loss = AdversarialReward(share=1.0, student_temperature=1.0)
        >>> loss(scores, targets, torch.ones(1, 3, dtype=torch.bool))
        tensor(1.1039)
    """

    share: float = 0.5
    teacher_temperature: float = 1.0
    student_temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse temperatures that no softmax has, and a share outside 0 to 1."""
        check_above_zero(self, "teacher_temperature", "student_temperature")
        check_share(self, "share")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have their source and another document, (B,) bool."""
        del targets
        return mask[:, 0] & (mask.sum(dim=1) >= 2)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        ranker_BK = shown(targets, mask)
        rewards_BK = -functional.softplus(ranker_BK - ranker_BK[:, :1])
        likely_BK = hidden(targets / self.teacher_temperature, mask).softmax(dim=1)
        log_p_BK = shown(hidden(scores / self.student_temperature, mask).log_softmax(dim=1), mask)
        weights_BK = self.share * rewards_BK - (1 - self.share) * likely_BK
        return mean_over((weights_BK * log_p_BK).sum(dim=1), self.counts(targets, mask))
