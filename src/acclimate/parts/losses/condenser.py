"""Condenser: the first token's vector must know what the hidden tokens were.

Shapes: B texts, T tokens, V words of the vocabulary, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses.masked_lm import MaskedLM


@dataclass(frozen=True, kw_only=True)
class Condenser:
    """Masked language modelling, once at the top and once behind a short head.

    The head reads the first token's state of the last layer and the other tokens' states of an
    early one, so whatever the later layers found out must pass through the first token. Both
    logits come from the same output layer; the loss is the sum of both `losses.MaskedLM`. The
    head is dropped afterwards. coCondenser adds `losses.CorpusContrastive` of the first token's
    vectors.

    Rows: [070].

    Paper:   Gao, Callan, Condenser: a Pre-training Architecture for Dense Retrieval, EMNLP 2021,
             section 3.2. https://arxiv.org/abs/2104.08253; Unsupervised Corpus Aware Language
             Model Pre-training, ACL 2022. https://arxiv.org/abs/2108.05540
    Code:    luyug/Condenser, modeling.py, CondenserForPretraining.
    Differs: the head's layers are torch's, of the same form as BERT's, without dropout.
    Cost:    the head's layers beside the student's own; a second output layer's logits.

    Args:
        skip_from: the layer whose tokens the head reads. None: the one in the middle, which is the
            paper's 6 of 12.
        layers: of the head. Paper: 2.

    Returns:
        The loss, a scalar; zero where nothing is hidden.

    Example:
        >>> logits, tokens = torch.zeros(1, 2, 8), torch.tensor([[3, 5]])
        >>> Condenser()(logits, logits, tokens, torch.tensor([[True, False]]))  # 2 ln 8
        tensor(4.1589)
    """

    skip_from: int | None = None
    layers: int = 2

    def __post_init__(self) -> None:
        """Refuse a head without layers."""
        if self.layers < 1 or (self.skip_from is not None and self.skip_from < 0):
            raise RecipeError(f"{self!r}: a head has 1 layer or more and reads one from 0 up.")

    def __call__(
        self,
        head_logits_BTV: torch.Tensor,
        late_logits_BTV: torch.Tensor,
        tokens_BT: torch.Tensor,
        mask_BT: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of the logits behind the head and at the top; the mask: what was hidden."""
        behind = _PLAIN(head_logits_BTV, tokens_BT, mask_BT)
        return behind + _PLAIN(late_logits_BTV, tokens_BT, mask_BT)

    def joined(self, states: Sequence[torch.Tensor]) -> torch.Tensor:
        """What the head reads, (B, T, D), of the states of all layers, embeddings first.

        Raises:
            RecipeError: when the student has no later layer than the one that is read.
        """
        last = len(states) - 1
        early = last // 2 if self.skip_from is None else self.skip_from
        if early >= last:
            raise RecipeError(
                f"{self!r} reads layer {early}, but the last one of the student is {last}. Read an "
                "earlier one."
            )
        return torch.cat([states[-1][:, :1], states[early][:, 1:]], dim=1)

    def head(self, width: int, heads: int, seed: int) -> torch.nn.Module:
        """A head for states of this width, drawn from the seed: (states, mask) -> states."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _Head(width, heads, self.layers)


class _Head(torch.nn.Module):
    """A few transformer layers."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(
            torch.nn.TransformerEncoderLayer(
                width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True
            )
            for _ in range(layers)
        )

    def forward(self, states_BTD: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """States behind the layers; the mask tells which tokens are there."""
        for layer in self.layers:
            states_BTD = layer(states_BTD, src_key_padding_mask=~mask_BT)
        return states_BTD


_PLAIN = MaskedLM()
