"""Teacher model: the cross-encoder before its first update."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from acclimate.models.loading import loading
from train.vocabulary import Vocabulary, encoder, plain_ids, tokenizer


def gated(base: Path, folder: Path, vocabulary: Vocabulary, *, apart: int, longest: int) -> Any:
    """A cross-encoder that begins as the encoder in `base` and its late interaction.

    Args:
        base: folder of the encoder.
        folder: where its parts are put together.
        vocabulary: the pieces of words it knows.
        apart: lower layers that read query and document apart.
        longest: tokens of a pair at most.
    """
    from sentence_transformers import CrossEncoder

    from acclimate.models.scorers.gated import Gated

    with loading(str(base), "a cross-encoder"):
        encoder(base, vocabulary).save_pretrained(str(folder))
        own = tokenizer(base, vocabulary, second_begins=True, max_length=longest)
        own.save_pretrained(str(folder))
        reads = Gated(
            str(folder), apart=apart, model_kwargs={"local_files_only": True, "dtype": "float32"}
        )
        return CrossEncoder(modules=[reads], device="cpu", activation_fn=nn.Identity())


def plain(base: Path, folder: Path, vocabulary: Vocabulary, *, longest: int) -> Any:
    """A cross-encoder as usual: the encoder, and one number from its first token.

    For comparison; arguments as above.
    """
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    bert = encoder(base, vocabulary)
    bert.config.num_labels = 1
    with loading(str(base), "a cross-encoder"):
        model = BertForSequenceClassification(bert.config)
        model.bert = bert
        model.save_pretrained(str(folder))
        tokenizer(base, vocabulary, max_length=longest).save_pretrained(str(folder))
        return CrossEncoder(
            str(folder), device="cpu", local_files_only=True, activation_fn=nn.Identity()
        )


def set_rarity(model: Any, texts: Sequence[str]) -> None:
    """Tell a gated cross-encoder how rare each piece of a word is: BM25's idf over these texts."""
    reads = model[0]
    found = np.zeros(len(reads.rarity), dtype=np.int64)
    for ids in plain_ids(reads.tokenizer, texts):
        found[list(set(ids))] += 1
    idf = np.log1p((len(texts) - found + 0.5) / (found + 0.5))
    idf[reads.tokenizer.unk_token_id] = 0.0  # two unknown words need not be the same
    with torch.no_grad():
        reads.rarity.copy_(torch.from_numpy(idf.astype(np.float32)))
