"""PairwiseCE: the source document scores above each other one, and above the whole batch.

Shapes: B queries, K documents of each; column 0 is the relevant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class PairwiseCE:
    """Softmax cross-entropy of each pair (source, other), and of the source in the whole batch.

    The loss late-interaction students are trained with. A query's loss is the mean of
    ln(1 + e^(s_k − s_0)) over its own other documents, and with `own` also
    weight · (ln Σ_k e^(s_k) − s_0) over all documents of the batch, its own among them. Targets
    are not looked at.

    Rows: [086].

    Paper:   Louis, Saxena, van Dijck, Spanakis, ColBERT-XM, 2024, section 3.3 (both terms, one
             other document). https://arxiv.org/abs/2402.15059; Khattab, Potts, Zaharia,
             Relevance-guided Supervision for OpenQA with ColBERT, TACL 2021 (pairs only).
             https://arxiv.org/abs/2007.00814
    Code:    stanford-futuredata/ColBERT, colbert/training/training.py and
             colbert/modeling/colbert.py, compute_ib_loss.
    Differs: a query may have several other documents; each is a pair with the source.
    Cost:    nothing beside the scores; with `own`, of all queries with all documents of the batch.

    Args:
        temperature: divides the scores. Paper: 1, on sums over the query's tokens.
        own: how many of the first columns are a query's own documents (the `candidates` of
            `loops.Fit`); the others are those of the batch. None: all are its own, no term of
            the batch. Paper: 2.
        weight: of the term of the batch. Paper: 1.

    Returns:
        The loss, a scalar; zero where no query has its source and another document.

    Example:
        >>> scores = torch.tensor([[1.8, 1.0]])
        >>> PairwiseCE()(scores, torch.zeros(1, 2), torch.ones(1, 2, dtype=torch.bool))
        tensor(0.3711)
    """

    temperature: float = 1.0
    own: int | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has, and a pair of one."""
        check_above_zero(self, "temperature")
        if self.own is not None and self.own < 2:
            raise RecipeError(f"{self!r}: a pair needs 2 documents of the query's own.")

    @property
    def in_batch(self) -> bool:
        """Whether the documents of the other queries of a batch come as further columns."""
        return self.own is not None

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have their source and another document, (B,) bool."""
        del targets
        return mask[:, 0] & mask[:, 1:].any(dim=1)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores."""
        logits_BK = hidden(scores / self.temperature, mask)
        source_B1 = logits_BK[:, :1]
        others_BK, there_BK = logits_BK[:, 1 : self.own], mask[:, 1 : self.own]
        pairs_BK = torch.logaddexp(source_B1, others_BK) - source_B1
        kept_BK = torch.where(there_BK, pairs_BK, torch.zeros_like(pairs_BK))
        of_query_B = kept_BK.sum(dim=1) / there_BK.sum(dim=1).clamp(min=1)
        if self.in_batch:
            of_query_B = of_query_B + self.weight * (logits_BK.logsumexp(dim=1) - source_B1[:, 0])
        return mean_over(of_query_B, self.counts(targets, mask))
