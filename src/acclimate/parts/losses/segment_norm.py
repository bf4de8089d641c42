"""SegmentNorm: an adapted document stays between its query and where it was.

Shapes: N pairs of a query and a document, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import mean_over


@dataclass(frozen=True, kw_only=True)
class SegmentNorm:
    """Squared distance of adapted vectors from the segment between query and document.

    A pair's loss is the least of ‖a − (α q + (1 − α) c)‖² over α in 0…1, which is at
    α = clip((a − c)·(q − c) / ‖q − c‖²): an adapter may move a document towards its query or leave
    it, but nowhere else. It takes vectors, since no score tells where between them a is.

    Rows: [025].

    Paper:   RRRA: Resampling and Reranking through a Retriever Adapter, 2025, section 3.
             https://arxiv.org/abs/2508.11670
    Code:    none published.
    Differs: nothing known. (The closed form is ours.)
    Cost:    three products of the vectors.

    Returns:
        The mean over the pairs that count, a scalar; zero where none does.

    Example:
        >>> adapted, query = torch.tensor([[0.4, 0.3]]), torch.tensor([[1.0, 0.0]])
        >>> SegmentNorm()(adapted, query, torch.zeros(1, 2), torch.tensor([True]))
        tensor(0.0900)
    """

    def __call__(
        self,
        adapted_ND: torch.Tensor,
        queries_ND: torch.Tensor,
        documents_ND: torch.Tensor,
        mask_N: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of adapted documents, their queries, and the documents before."""
        ahead_ND, moved_ND = queries_ND - documents_ND, adapted_ND - documents_ND
        length_N = ahead_ND.square().sum(dim=1)
        # a query that is its document leaves only that point: nothing is ahead, and alpha is 0
        length_N = torch.where(length_N > 0, length_N, torch.ones_like(length_N))
        alpha_N = ((moved_ND * ahead_ND).sum(dim=1) / length_N).clamp(min=0, max=1)
        off_ND = moved_ND - alpha_N[:, None] * ahead_ND
        return mean_over(off_ND.square().sum(dim=1), mask_N)
