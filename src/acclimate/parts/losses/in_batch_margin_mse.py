"""InBatchMarginMSE: the student's margins become the teacher's, over the whole batch.

Shapes: B queries, K documents of each; column 0 is the document the query was written from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses.margin_mse import MarginMSE


@dataclass(frozen=True, kw_only=True)
class InBatchMarginMSE:
    """MarginMSE over a query's own documents, and over those of the other queries.

    The loss is MarginMSE of the first `own` columns + weight · MarginMSE of the source against all
    other columns. Those are the other queries' documents that the teacher has labelled for this
    query too, as those of its topic are (`miners.Topical`).

    Rows: [019].

    Paper:   Hofstätter, Lin, Yang, Lin, Hanbury, Efficiently Teaching an Effective Dense Retriever
             with Balanced Topic Aware Sampling, SIGIR 2021, section 3.2.
             https://arxiv.org/abs/2104.06967
    Code:    sebastian-hofstaetter/matchmaker, in-batch negatives with MarginMSE.
    Differs: a query may have several margins of its own.
    Cost:    the student's and a teacher's scores of all queries with all documents of the batch.

    Args:
        own: how many of the first columns are a query's own documents (the `candidates` of
            `loops.Fit`). Paper: 2.
        weight: of the other queries' documents. Paper: 0.75.

    Returns:
        The loss, a scalar; zero where no query has a margin.

    Example:
        >>> scores = torch.tensor([[3.0, 1.0, 0.0], [1.0, 0.5, 1.0]])
        >>> targets = torch.tensor([[4.0, 1.0, 0.0], [2.0, 1.0, 0.0]])
        >>> InBatchMarginMSE()(scores, targets, torch.ones(2, 3, dtype=torch.bool))
        tensor(2.5000)
    """

    in_batch: ClassVar[bool] = True
    labelled: ClassVar[bool] = True
    zero_at_teacher: ClassVar[bool] = True
    compares_units: ClassVar[bool] = True

    own: int = 2
    weight: float = 0.75

    def __post_init__(self) -> None:
        """Refuse a margin of one document."""
        if self.own < 2:
            raise RecipeError(f"{self!r}: a margin needs 2 documents of the query's own.")

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have a margin, (B,) bool."""
        return _PLAIN.counts(targets, mask)

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, K) scores and targets."""
        own = _PLAIN(*(tensor[:, : self.own] for tensor in (scores, targets, mask)))
        others = _PLAIN(*(self._source_and_others(tensor) for tensor in (scores, targets, mask)))
        return own + self.weight * others

    def _source_and_others(self, tensor: torch.Tensor) -> torch.Tensor:
        return torch.cat([tensor[:, :1], tensor[:, self.own :]], dim=1)


_PLAIN = MarginMSE()
