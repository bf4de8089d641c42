"""Prefixed: a transformer that reads each text behind keys and values that were learned.

Shapes: N texts, L tokens, P places of the prefix, D numbers of a place: a key and a value in each
layer.
"""

from __future__ import annotations

import json
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from sentence_transformers.base.modules import Transformer

from acclimate.errors import ModelError

FOLDER = "prefix"
"""Where the prefix lies, in the form of peft, beside the files of the transformer."""

WEIGHTS, SETTINGS = "adapter_model.safetensors", "adapter_config.json"
NAME = "prompt_embeddings"
"""What peft calls the tensor."""


class Prefixed(Transformer):  # type: ignore[misc]
    """A transformer whose layers each see P more keys and values, before those of the text.

    They are no tokens: nothing is computed for them, and what comes out has the text's tokens
    alone. Positions of the text begin behind the prefix.

    Its folder holds the transformer's own files, untouched, and the prefix in a folder of its own,
    as peft writes one. So `PeftModel.from_pretrained(AutoModel.from_pretrained(folder), folder +
    "/prefix")` gives the same token vectors. sentence-transformers opens the whole with
    `trust_remote_code=True`, since this class, which must be installed, is not one of its own.
    """

    prefix: torch.nn.Parameter
    """(P, D)."""

    @classmethod
    def of(cls, body: Transformer, length: int) -> Prefixed:
        """A transformer, from now on with a prefix of small numbers, the same each time.

        Args:
            body: becomes the one that is given back; in all else it stays as it is.
            length: places of the prefix.

        Raises:
            ModelError: when the transformer takes no keys and values, or has no place for a text
                behind so many.
        """
        config = body.model.config
        if "past_key_values" not in signature(body.model.forward).parameters:
            raise ModelError(
                f"{type(body.model).__name__} takes no keys and values before a text. Give a BERT, "
                "RoBERTa or XLM-R encoder, or a decoder."
            )
        places = config.max_position_embeddings - _skipped(body.model)
        if length >= places:
            raise ModelError(
                f"A prefix of {length} leaves no room for a text: {type(body.model).__name__} has "
                f"{places} positions. Give a shorter one."
            )
        drawn = torch.Generator().manual_seed(0)
        spread = getattr(config, "initializer_range", 0.02)
        start = spread * torch.randn(length, _numbers(config), generator=drawn)
        left = places - length
        body.max_seq_length = min(body.max_seq_length or left, left)
        body.__class__ = cls
        body.prefix = torch.nn.Parameter(start.to(body.model.device))
        made: Prefixed = body
        return made

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Token vectors of the texts, behind the prefix."""
        mask_NL = features["attention_mask"]
        before_NP = mask_NL.new_ones((len(mask_NL), len(self.prefix)))
        given: dict[str, Any] = super().forward(
            features,
            **kwargs,
            attention_mask=torch.cat([before_NP, mask_NL], dim=1),
            past_key_values=self._cached(len(mask_NL)),
        )
        return given

    def _cached(self, texts: int) -> Any:
        """The prefix, as what a transformer keeps of the tokens before a text."""
        from transformers import DynamicCache

        config = self.model.config
        layers, heads = config.num_hidden_layers, _heads(config)
        length, numbers = self.prefix.shape
        cut = self.prefix.reshape(length, 2 * layers, heads, numbers // (2 * layers * heads))
        cut = cut.permute(1, 2, 0, 3).unsqueeze(1).expand(-1, texts, -1, -1, -1)
        cache = DynamicCache()
        for layer in range(layers):
            cache.update(cut[2 * layer], cut[2 * layer + 1], layer)
        return cache

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """The files of the transformer, and beside them the prefix."""
        super().save(output_path, *args, **kwargs)
        folder = Path(output_path) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        save_file({NAME: self.prefix.detach().cpu().contiguous()}, folder / WEIGHTS)
        config = self.model.config
        layers, heads = config.num_hidden_layers, _heads(config)
        told = {
            "peft_type": "PREFIX_TUNING",
            "task_type": "FEATURE_EXTRACTION",
            "num_virtual_tokens": len(self.prefix),
            "num_layers": layers,
            "num_attention_heads": heads,
            "token_dim": self.prefix.shape[1] // (2 * layers),
            "num_transformer_submodules": 1,
            "prefix_projection": False,
            "inference_mode": True,
        }
        (folder / SETTINGS).write_text(json.dumps(told, indent=2), "utf-8")

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any) -> Prefixed:
        """What was saved."""
        module: Prefixed = super().load(model_name_or_path, subfolder=subfolder, **kwargs)
        where = {
            name: kwargs[name]
            for name in ("token", "cache_folder", "revision", "local_files_only")
            if name in kwargs
        }
        below = f"{subfolder}/{FOLDER}" if subfolder else FOLDER
        path = cls.load_file_path(model_name_or_path, WEIGHTS, subfolder=below, **where)
        if path is None:
            raise ModelError(f"{model_name_or_path} has no {below}/{WEIGHTS}: its prefix is lost.")
        module.prefix = torch.nn.Parameter(load_file(path)[NAME])
        return module


def _skipped(model: Any) -> int:
    """Positions that no token has: RoBERTa's begin behind that of padding."""
    return int(getattr(getattr(model, "embeddings", None), "padding_idx", -1)) + 1


def _heads(config: Any) -> int:
    return int(getattr(config, "num_key_value_heads", None) or config.num_attention_heads)


def _numbers(config: Any) -> int:
    """Of a place of the prefix: a key and a value in each layer."""
    of_head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return 2 * int(config.num_hidden_layers) * _heads(config) * int(of_head)
