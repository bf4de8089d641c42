"""QuerySideContrastive: a question is near its paraphrase and away from its near miss.

Shapes: B questions, K other questions of each; column 0 is the paraphrase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class QuerySideContrastive:
    """Presses questions apart that differ by a small edit and have other answers.

    Scores are those of a question with other questions: its paraphrase in column 0, minimal edits
    with other answers behind. A question's loss is, by `kind`: "contrastive", the cross-entropy of
    picking the paraphrase; "hinge", the mean of max(0, margin − s_0 + s_k); "dot", the mean of
    s_k, which needs no paraphrase. It is added to a loss of documents with a weight that
    `losses.QuadraticWarmup` may begin late. Targets are not looked at.

    Rows: [053].

    Paper:   Zhang, Yu, Zhao, Jiang, Exploring Contrast Consistency of Open-Domain Question
             Answering Systems on Minimally Edited Questions, TACL 2023, section 4.
             https://arxiv.org/abs/2305.14441
    Code:    ytyz1307zzh/Minimally_Edited_Questions, biencoder.py.
    Differs: a question may have several minimal edits.
    Cost:    one more text to encode for each other question.

    Args:
        kind: see above. Paper: contrastive with weight 0.5 to rank, dot with 0.03 to retrieve.
        margin: of the hinge.
        temperature: divides the scores of "contrastive". Paper: 1.
        in_batch: whether the other questions of the batch count as edits. Paper: for contrastive.

    Returns:
        The loss, a scalar; zero where no question has other questions.

    Example:
        >>> scores = torch.tensor([[2.0, 1.0]])
        >>> QuerySideContrastive()(scores, torch.zeros(1, 2), torch.ones(1, 2, dtype=torch.bool))
        tensor(0.3133)
    """

    kind: Literal["contrastive", "hinge", "dot"] = "contrastive"
    margin: float = 1.0
    temperature: float = 1.0
    in_batch: bool = False

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which questions have an edit, and where it matters a paraphrase, (B,) bool."""
        del targets
        edited_B = mask[:, 1:].any(dim=1)
        return edited_B if self.kind == "dot" else edited_B & mask[:, 0]

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores of questions with questions."""
        counts_B = self.counts(targets, mask)
        if self.kind == "contrastive":
            logits_BK = hidden(scores / self.temperature, mask)
            return mean_over(logits_BK.logsumexp(dim=1) - logits_BK[:, 0], counts_B)
        costs_BK = scores[:, 1:]
        if self.kind == "hinge":
            costs_BK = (self.margin - scores[:, :1] + costs_BK).clamp(min=0)
        edits_BK = mask[:, 1:] & counts_B[:, None]
        kept_BK = torch.where(edits_BK, costs_BK, torch.zeros_like(costs_BK))
        return mean_over(kept_BK.sum(dim=1) / edits_BK.sum(dim=1).clamp(min=1), counts_B)
