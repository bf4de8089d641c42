"""Gated: a cross-encoder that begins as an encoder with its late interaction.

Shapes: B pairs, L tokens of a pair, Q tokens of its query, D dimensions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import CrossEncoder
from sentence_transformers.base.modules import Transformer
from torch import Tensor, nn

WEIGHTS = "gated.safetensors"
"""What a gated cross-encoder has besides the encoder it grew from."""

CLOSED = -4.0
"""Where a gate begins: e^-4 of the attention that a token of the same text would get."""

APART = -1e4
"""The gate of layers that read query and document apart: no attention at all."""

MIX = (5.0, 20.0, 10.0)
"""Shares of words, vectors and tokens at the beginning: those of `labellers.Fusion`, times 20."""


class Gated(Transformer):  # type: ignore[misc]
    """Reads a query and a document in one pass, each attending to the other through a gate.

    score = a · words + b · cos(mean query, mean document) + c · maxsim + u · first token

    A gate is a number that is added to the attention between the two texts, one for each layer.
    Closed, each text is read as the encoder reads it alone, and the score is a fusion of shared
    words, vectors and token vectors: what the encoder knows is there before the first update,
    and training starts from a good ranking and not from chance. Opened, it is a cross-encoder.

    Paper:   none for the whole. Cross-encoder: Nogueira, Cho, Passage Re-ranking with BERT, 2019.
             https://arxiv.org/abs/1901.04085; lower layers that read apart: MacAvaney et al.,
             Efficient Document Re-Ranking for Transformers by Precomputing Term Representations
             (PreTTR), SIGIR 2020. https://arxiv.org/abs/2004.14255
    Code:    none followed.
    Differs: nothing known.
    Cost:    one pass over query and document, as any cross-encoder.

    Args:
        model_name_or_path: folder of a BERT-like encoder whose tokenizer begins both texts of a
            pair with the first special token and gives them the types 0 and 1.
        apart: how many of the lower layers read the two texts apart.
        settings: those of the Transformer module.
    """

    def __init__(self, model_name_or_path: str, *, apart: int = 2, **settings: Any) -> None:
        super().__init__(model_name_or_path, **settings)
        config, tokenizer = self.model.config, self.tokenizer
        config.num_labels = 1
        self.apart = apart
        self.gates = nn.Parameter(torch.full((config.num_hidden_layers - apart,), CLOSED))
        self.mix = nn.Parameter(torch.tensor(MIX))
        self.first = nn.Linear(config.hidden_size, 1, bias=False)
        nn.init.zeros_(self.first.weight)
        self.register_buffer("rarity", torch.ones(config.vocab_size))
        special = torch.tensor([tokenizer.cls_token_id, tokenizer.sep_token_id])
        self.register_buffer("special", special, persistent=False)

    def get_config_dict(self) -> dict[str, Any]:
        """Its settings, as they are saved."""
        return {**super().get_config_dict(), "apart": self.apart}

    def own(self) -> dict[str, Tensor]:
        """What it has besides the encoder."""
        return {
            "gates": self.gates,
            "mix": self.mix,
            "first": self.first.weight,
            "rarity": self.rarity,
        }

    def save(self, output_path: str, *arguments: Any, **settings: Any) -> None:
        """Write the encoder, and beside it what is its own."""
        super().save(output_path, *arguments, **settings)
        kept = {name: tensor.detach().cpu().contiguous() for name, tensor in self.own().items()}
        save_file(kept, Path(output_path, WEIGHTS), metadata={"format": "pt"})

    @classmethod
    def load(cls, model_name_or_path: str, **settings: Any) -> Gated:
        """Read what `save` wrote."""
        gated: Gated = super().load(model_name_or_path, **settings)
        saved = load_file(Path(model_name_or_path, WEIGHTS))
        with torch.no_grad():
            for name, tensor in gated.own().items():
                tensor.copy_(saved[name])
        return gated

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `scores`, (B, 1), to the features of a batch of pairs."""
        ids_BL, mask_BL = features["input_ids"], features["attention_mask"].bool()
        document_BL = features["token_type_ids"].bool() & mask_BL
        query_BL = mask_BL & ~document_BL
        states_BLD = self._read(ids_BL, query_BL, document_BL)
        features["scores"] = self._scores(ids_BL, states_BLD, query_BL, document_BL)[:, None]
        return features

    def _read(self, ids_BL: Tensor, query_BL: Tensor, document_BL: Tensor) -> Tensor:
        """The states of all tokens. Positions of either text begin at 0."""
        length_B1 = query_BL.sum(dim=1, keepdim=True)
        places_BL = torch.arange(ids_BL.shape[1], device=ids_BL.device) - document_BL * length_B1
        states_BLD: Tensor = self.model.embeddings(
            input_ids=ids_BL, position_ids=places_BL, token_type_ids=torch.zeros_like(ids_BL)
        )
        absent_B1L = ~(query_BL | document_BL)[:, None, :]
        other_BLL = document_BL[:, :, None] != document_BL[:, None, :]
        for number, layer in enumerate(self.model.encoder.layer):
            apart = number < self.apart
            gate = states_BLD.new_tensor(APART) if apart else self.gates[number - self.apart]
            wall_BLL = (other_BLL * gate).masked_fill(absent_B1L, APART).to(states_BLD.dtype)
            states_BLD = layer(states_BLD, wall_BLL[:, None])
        return states_BLD

    def _scores(
        self, ids_BL: Tensor, states_BLD: Tensor, query_BL: Tensor, document_BL: Tensor
    ) -> Tensor:
        """Words, vectors, tokens and the first token, as one score, (B,)."""
        longest = int(query_BL.sum(dim=1).max())  # the query is always in front
        plain_BL = ~torch.isin(ids_BL, self.special)
        asked_BQ = (query_BL & plain_BL)[:, :longest].to(states_BLD.dtype)
        seen_B1L = (document_BL & plain_BL)[:, None, :]
        same_BQ = ((ids_BL[:, :longest, None] == ids_BL[:, None, :]) & seen_B1L).any(dim=2)
        rarity_BQ = self.rarity[ids_BL[:, :longest]] * asked_BQ
        words_B = (rarity_BQ * same_BQ).sum(dim=1) / rarity_BQ.sum(dim=1).clamp(min=1e-6)

        vectors_BD = [_mean(states_BLD, mask) for mask in (query_BL, document_BL)]
        vectors_B = (vectors_BD[0] * vectors_BD[1]).sum(dim=1)

        unit_BLD = nn.functional.normalize(states_BLD, dim=-1)
        near_BQL = unit_BLD[:, :longest] @ unit_BLD.transpose(1, 2)
        best_BQ = near_BQL.masked_fill(~seen_B1L, -1.0).amax(dim=2)
        tokens_B = (best_BQ * asked_BQ).sum(dim=1) / asked_BQ.sum(dim=1).clamp(min=1)

        parts_B3 = torch.stack([words_B, vectors_B, tokens_B], dim=1)
        score_B: Tensor = parts_B3 @ self.mix + self.first(states_BLD[:, 0])[:, 0]
        return score_B


def _mean(states_BLD: Tensor, mask_BL: Tensor) -> Tensor:
    """The mean state of some tokens at length one, as the encoder pools it, (B, D)."""
    summed_BD = (states_BLD * mask_BL[:, :, None]).sum(dim=1)
    return nn.functional.normalize(summed_BD, dim=-1)


def gated_in(folder: Path) -> Gated | None:
    """The gated cross-encoder in a folder, in float32; None where another model is there.

    sentence-transformers refuses classes that are not its own: this one is known to be ours.
    """
    modules = folder / "modules.json"
    if not modules.is_file() or not (folder / WEIGHTS).is_file():
        return None
    named = [module["type"] for module in json.loads(modules.read_text("utf-8"))]
    if named != [f"{Gated.__module__}.{Gated.__qualname__}"]:
        return None
    return Gated.load(str(folder), local_files_only=True, model_kwargs={"dtype": "float32"})


def opening(folder: str, *, device: str | None = None, **settings: Any) -> CrossEncoder:
    """The cross-encoder in a folder, of whichever kind it is.

    Args:
        folder: where it is.
        device: where it works.
        settings: those of sentence-transformers' own cross-encoders.
    """
    gated = gated_in(Path(folder))
    if gated is None:
        return CrossEncoder(folder, device=device, **settings)
    return CrossEncoder(modules=[gated], device=device, activation_fn=nn.Identity())
