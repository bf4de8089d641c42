"""Masking: which tokens of texts are hidden, and behind what.

Shapes: B texts, T tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.utils.rnn import pad_sequence

from acclimate.errors import ModelError

SHOWN = -100
"""What the library calls a token that is not to be told."""


@dataclass(frozen=True, eq=False)
class Hidden:
    """Texts with some of their tokens hidden.

    Args:
        inputs: tokens as they are read, (B, T).
        there: which places hold a token, (B, T).
        tokens: what stood at the hidden places, (B, T); 0 at others.
        mask: which places are hidden, (B, T).
    """

    inputs: torch.Tensor
    there: torch.Tensor
    tokens: torch.Tensor
    mask: torch.Tensor


def hidden(
    tokenizer: Any, told: Any, seeds: Sequence[int], *, share: float, whole_words: bool
) -> Hidden:
    """Texts with a share of their tokens hidden, drawn for each by a seed of its own.

    Of the hidden tokens 80 % are read as the mask, 10 % as another token and 10 % as they are;
    with whole words all are read as the mask.

    Args:
        tokenizer: of the model.
        told: what it made of the texts, with the mask of special tokens, and with offsets where
            whole words are hidden.
        seeds: one for each text.
        share: of the tokens, or of the words, 0 to 1.
        whole_words: whether all tokens of a word are hidden together.

    Raises:
        ModelError: when the model has no token for what is hidden.
    """
    from transformers import DataCollatorForLanguageModeling

    if tokenizer.mask_token is None:
        raise ModelError(
            "This model's tokenizer has no mask token, so nothing can be hidden from it. Give a "
            "masked language model, or an encoder that was built from one."
        )
    behind = {"mask_replace_prob": 1.0, "random_replace_prob": 0.0} if whole_words else {}
    hide = DataCollatorForLanguageModeling(
        tokenizer, whole_word_mask=whole_words, mlm_probability=share, **behind
    )
    inputs, labels = [], []
    for row, seed in enumerate(seeds):
        hide.generator = torch.Generator().manual_seed(seed)
        offsets = torch.tensor([told["offset_mapping"][row]]) if whole_words else None
        read, wanted = hide.torch_mask_tokens(
            torch.tensor([told["input_ids"][row]]),
            special_tokens_mask=torch.tensor([told["special_tokens_mask"][row]]),
            offset_mapping=offsets,
        )
        inputs.append(read[0])
        labels.append(wanted[0])
    joined = pad_sequence(labels, batch_first=True, padding_value=SHOWN)
    counts = torch.tensor([len(row) for row in inputs])
    return Hidden(
        inputs=pad_sequence(inputs, batch_first=True, padding_value=tokenizer.pad_token_id),
        there=torch.arange(joined.shape[1])[None] < counts[:, None],
        tokens=joined.clamp(min=0),
        mask=joined != SHOWN,
    )
