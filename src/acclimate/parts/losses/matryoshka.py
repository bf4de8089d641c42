"""Matryoshka: a loss that holds for the first dimensions of the vectors as well.

Shapes: B queries, K documents of each, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._members import check_weights
from acclimate.parts.part import Loss


@dataclass(frozen=True, kw_only=True)
class Matryoshka:
    """Σ weight · loss over cuts of the vectors to their first `dims` dimensions.

    So the dimension can be chosen when the index is built. It takes vectors and scores them
    itself, since a score has no first dimensions: inner products of the cut vectors, brought to
    length 1 again.

    Rows: [036].

    Paper:   Kusupati et al., Matryoshka Representation Learning, NeurIPS 2022, section 3.
             https://arxiv.org/abs/2205.13147; as used by Jha et al., Jina-ColBERT-v2, 2024.
             https://arxiv.org/abs/2408.16672
    Code:    sentence-transformers' MatryoshkaLoss (its form wraps the student's forward).
    Differs: nothing known.
    Cost:    that of the loss for each cut; nothing is encoded again.

    Args:
        loss: of scores.
        dims: the cuts; the whole vector is one of them only where it is named.
        weights: one for each cut. Paper: 1.
        normalise: whether the cut vectors are brought to length 1, as a student does that is
            compared by cosines.

    Returns:
        The loss, a scalar.

    Example:
        >>> from acclimate.parts.losses import ListSoftmaxCE
        >>> loss = Matryoshka(loss=ListSoftmaxCE(), dims=(1, 2), weights=(1.0, 1.0))
        >>> queries, documents = torch.tensor([[3.0, 4.0]]), torch.tensor([[[5.0, 0], [0, 5]]])
        >>> loss(queries, documents, torch.zeros(1, 2), torch.ones(1, 2, dtype=torch.bool))
        tensor(1.1114)
    """

    loss: Loss
    dims: tuple[int, ...]
    weights: tuple[float, ...]
    normalise: bool = True

    def __post_init__(self) -> None:
        """Refuse no cut, and another number of weights."""
        check_weights(self, self.dims, self.weights)
        if min(self.dims) < 1:
            raise RecipeError(f"{self!r}: a cut keeps 1 dimension or more.")

    def __call__(
        self,
        queries_BD: torch.Tensor,
        documents_BKD: torch.Tensor,
        targets_BK: torch.Tensor,
        mask_BK: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of vectors of queries and documents, and of targets."""
        whole = queries_BD.shape[1]
        if max(self.dims) > whole:
            raise RecipeError(f"{self!r}: there are {whole} dimensions, fewer than a cut keeps.")
        cuts = []
        for size, weight in zip(self.dims, self.weights, strict=True):
            queries_BC, documents_BKC = queries_BD[:, :size], documents_BKD[..., :size]
            if self.normalise:
                queries_BC = torch.nn.functional.normalize(queries_BC, dim=-1)
                documents_BKC = torch.nn.functional.normalize(documents_BKC, dim=-1)
            scores_BK = torch.einsum("bc,bkc->bk", queries_BC, documents_BKC)
            cuts.append(weight * self.loss(scores_BK, targets_BK, mask_BK))
        return torch.stack(cuts).sum()
