"""L1: sparse vectors use few words.

Shapes: N texts, V words of the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import mean_over


@dataclass(frozen=True, kw_only=True)
class L1:
    """Mean over the texts of the sum of a vector's weights: mean_n Σ_v |w_nv|.

    It takes weights, since how sparse a vector is no score tells. SPLADE presses with it on
    queries, whose length decides how many lists of an inverted index are read.

    Rows: [057].

    Paper:   Lassance, Clinchant, An Efficiency Study for SPLADE Models, SIGIR 2022, section 3.1.
             https://arxiv.org/abs/2207.03834; as an option of Formal et al., SPLADE++, SIGIR
             2022. https://arxiv.org/abs/2205.04733
    Code:    naver/splade names it; written from its formula.
    Differs: nothing known.
    Cost:    nothing beside the weights.

    Returns:
        The mean, a scalar; zero where no text counts.

    Example:
        >>> L1()(torch.tensor([[1.0, 0, 2], [3, 0, 0]]), torch.tensor([True, True]))
        tensor(3.)
    """

    def __call__(self, weights_NV: torch.Tensor, mask_N: torch.Tensor) -> torch.Tensor:
        """The mean over the texts that count."""
        return mean_over(weights_NV.abs().sum(dim=1), mask_N)
