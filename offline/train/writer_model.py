"""Writer model: an encoder-decoder whose layers are MiniLM's.

BART's layers and BERT's compute the same: attention, sum, norm, two linear layers, sum, norm. So
the encoder is MiniLM as it is, opened as BART, which every tool knows, with one matrix of word
embeddings for what is read, what was written and what is written next. The decoder has copies of
MiniLM's first and last layers; their attention to the text that is read begins as a copy of
their attention to themselves, which looks for tokens of like meaning. What it copies with
(acclimate.models.writers.copying) begins as the word embeddings.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from train.vocabulary import Vocabulary, encoder

OFFSET = 2
"""BART counts positions from 2."""

LOOP = 3
"""Tokens in a row that are not written twice: small decoders go in circles."""

HALVES = {
    "attention.self.query": "{attention}.q_proj",
    "attention.self.key": "{attention}.k_proj",
    "attention.self.value": "{attention}.v_proj",
    "attention.output.dense": "{attention}.out_proj",
    "attention.output.LayerNorm": "{attention}_layer_norm",
}
REST = {
    "intermediate.dense": "fc1",
    "output.dense": "fc2",
    "output.LayerNorm": "final_layer_norm",
}
"""Where BERT's layers go in BART's."""


def warm(folder: Path, vocabulary: Vocabulary, *, layers: int = 2, longest: int = 512) -> Any:
    """An encoder-decoder that begins as the BERT-like encoder in a folder.

    Args:
        folder: of the encoder.
        vocabulary: the pieces of words it reads and writes.
        layers: of the decoder.
        longest: positions that are kept.
    """
    from transformers import BartConfig

    from acclimate.models.writers.copying import Copying

    bert = encoder(folder, vocabulary)
    old, number = bert.config, vocabulary.pieces.index
    longest = min(longest, old.max_position_embeddings)
    config = BartConfig(
        vocab_size=len(vocabulary),
        max_position_embeddings=longest,
        d_model=old.hidden_size,
        encoder_layers=old.num_hidden_layers,
        decoder_layers=layers,
        encoder_attention_heads=old.num_attention_heads,
        decoder_attention_heads=old.num_attention_heads,
        encoder_ffn_dim=old.intermediate_size,
        decoder_ffn_dim=old.intermediate_size,
        activation_function=old.hidden_act,
        dropout=0.1,
        pad_token_id=number("[PAD]"),
        bos_token_id=number("[CLS]"),
        eos_token_id=number("[SEP]"),
        decoder_start_token_id=number("[CLS]"),
        forced_eos_token_id=None,
    )
    model = Copying(config)
    weights = _weights(bert.state_dict(), old.num_hidden_layers, layers, longest)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    tied = {"lm_head.weight", "final_logits_bias"}
    tied |= {f"model.{side}.embed_tokens.weight" for side in ("encoder", "decoder")}
    # BERT copies nothing.
    own = {"look.weight", "choice.weight", "choice.bias", "follows", "inside"}
    if unexpected or not set(missing) <= tied | own:
        raise ValueError(f"{folder}: weights without a place {unexpected}, missing {missing}.")
    model.generation_config.no_repeat_ngram_size = LOOP
    model.inside.copy_(torch.tensor([piece.startswith("##") for piece in vocabulary.pieces]))
    return model


def _weights(
    bert: Mapping[str, Tensor], count: int, layers: int, longest: int
) -> dict[str, Tensor]:
    """BERT's weights by BART's names."""
    made = {"model.shared.weight": bert["embeddings.word_embeddings.weight"]}
    # BERT adds the type of the text to each token; here there is one type, so it goes into the
    # positions.
    places = bert["embeddings.position_embeddings.weight"][:longest]
    places = places + bert["embeddings.token_type_embeddings.weight"][0]
    for side in ("encoder", "decoder"):
        made[f"model.{side}.embed_positions.weight"] = torch.cat([places[:OFFSET], places])
        for what in ("weight", "bias"):
            norm = bert[f"embeddings.LayerNorm.{what}"]
            made[f"model.{side}.layernorm_embedding.{what}"] = norm
    for number in range(count):
        made |= _layer(bert, number, f"model.encoder.layers.{number}", ("self_attn",))
    for number, source in enumerate(spread(count, layers)):
        name = f"model.decoder.layers.{number}"
        made |= _layer(bert, source, name, ("self_attn", "encoder_attn"))
    return {name: tensor.detach().clone() for name, tensor in made.items()}


def spread(count: int, layers: int) -> list[int]:
    """Which of `count` layers stand for `layers` of them: the first, the last, and between.

    Example:
        >>> spread(6, 2), spread(6, 3), spread(6, 1)
        ([0, 5], [0, 2, 5], [5])
    """
    if layers == 1:
        return [count - 1]
    return [number * (count - 1) // (layers - 1) for number in range(layers)]


def _layer(
    bert: Mapping[str, Tensor], source: int, name: str, attentions: tuple[str, ...]
) -> dict[str, Tensor]:
    places = [(old, new.format(attention=a)) for a in attentions for old, new in HALVES.items()]
    return {
        f"{name}.{new}.{what}": bert[f"encoder.layer.{source}.{old}.{what}"]
        for old, new in (*places, *REST.items())
        for what in ("weight", "bias")
    }
