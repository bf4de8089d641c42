"""Flops: sparse vectors use few words, and each word in few texts.

Shapes: N texts, V words of the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, kw_only=True)
class Flops:
    """Sum over the vocabulary of the squared mean weight: Σ_v (mean_n |w_nv|)².

    It estimates the products that scoring a pair costs, and so presses hardest on words that many
    texts use. It takes weights, since how sparse a vector is no score tells. A ranking loss is
    added; the strength grows as `losses.QuadraticWarmup`, once for queries and once for documents.

    Rows: [057], [097].

    Paper:   Paria, Yeh, Yen, Xu, Ravikumar, Póczos, Minimizing FLOPs to Learn Efficient Sparse
             Representations, ICLR 2020, section 3. https://arxiv.org/abs/2004.05665; as used by
             Formal, Lassance, Piwowarski, Clinchant, SPLADE++, SIGIR 2022.
             https://arxiv.org/abs/2205.04733
    Code:    sentence-transformers' FlopsLoss gives the same values (its form needs the student).
    Differs: nothing known.
    Cost:    nothing beside the weights; of a whole batch, since it is no mean over texts.

    Returns:
        The estimate, a scalar; zero where no text counts.

    Example:
        >>> Flops()(torch.tensor([[1.0, 0, 2], [3, 0, 0]]), torch.tensor([True, True]))
        tensor(5.)
    """

    def __call__(self, weights_NV: torch.Tensor, mask_N: torch.Tensor) -> torch.Tensor:
        """The estimate of the weights of the texts that count."""
        kept_NV = torch.where(mask_N[:, None], weights_NV.abs(), 0.0)
        return (kept_NV.sum(dim=0) / mask_N.sum().clamp(min=1)).square().sum()
