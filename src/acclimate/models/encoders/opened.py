"""SentenceEncoder: an opened sentence-transformers model; one call is one batch.

Shapes: N texts, L tokens, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Normalize, Transformer

from acclimate.errors import ModelError
from acclimate.models.padding import padded
from acclimate.models.ref import Floats, Integers, Kind

KINDS: tuple[Kind, ...] = ("query", "document")


class SentenceEncoder:
    """What the engine calls to turn texts into vectors.

    Args:
        model: a sentence-transformers model in evaluation mode.
    """

    token_cost: ClassVar[int] = 1
    """What a token takes in memory while it is trained, in those of an encoder of vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.model = model
        self.normalised = is_normalised(model)
        self.dimension = int(model.truncate_dim or model.get_embedding_dimension() or 0)
        self.has_tokens = all(isinstance(self._input(k), Transformer) for k in KINDS)
        """Whether there are token vectors at all: static word embeddings have none."""

    def halve(self) -> None:
        """Go on in bfloat16."""
        self.model.to(torch.bfloat16)

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """Tokens of each text as a document, its prompt and special tokens included."""
        if not texts:
            return np.zeros(0, dtype=np.int64)
        tokenizer = self._tokenizer("document")
        if tokenizer is None:
            return np.array([len(text.split()) + 1 for text in texts], dtype=np.int64)
        prompt = self._prompt("document") or ""
        limit = self._limit("document")
        ids = tokenizer(
            [prompt + text for text in texts],
            add_special_tokens=True,
            padding=False,
            truncation=limit is not None,
            max_length=limit,
            return_attention_mask=False,
            return_token_type_ids=False,
        )["input_ids"]
        return np.fromiter((len(i) for i in ids), dtype=np.int64, count=len(ids))

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with torch.inference_mode():
            return as_array(self._vectors(self._forward(texts, kind)[1]))

    def tensors(self, texts: Sequence[str], *, kind: Kind) -> torch.Tensor:
        """The same vectors with their gradients, (N, D): for training."""
        return self._vectors(self._forward(texts, kind)[1])

    def joined(self, parts: Sequence[torch.Tensor]) -> torch.Tensor:
        """What several calls of `tensors` gave, as if it had been one."""
        return torch.cat(list(parts))

    def compared(self, queries: torch.Tensor, documents: torch.Tensor) -> torch.Tensor:
        """Scores of all queries with all documents, from their `tensors`: (B, U)."""
        return queries @ documents.T

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and per text its unit-norm token vectors (L_i, D).

        Padding and special tokens are left out; unknown words stay.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32), []
        with torch.inference_mode():
            inputs, outputs = self._forward(texts, kind)
            if "token_embeddings" not in outputs or "input_ids" not in inputs:
                raise ModelError("This encoder has no token vectors: use one with a transformer.")
            tokens = torch.nn.functional.normalize(outputs["token_embeddings"].float(), dim=-1)
            keep = self._real(inputs, kind)
            vectors = [as_array(rows[mask]) for rows, mask in zip(tokens, keep, strict=True)]
            return as_array(self._vectors(outputs)), vectors

    def _forward(self, texts: Sequence[str], kind: Kind) -> tuple[dict[str, Any], dict[str, Any]]:
        features = self.model.preprocess(
            list(texts), prompt=self._prompt(kind), task=kind, **padded(self._input(kind))
        )
        inputs = {
            name: value.to(self.model.device) if isinstance(value, torch.Tensor) else value
            for name, value in features.items()
        }
        return dict(inputs), self.model(inputs, task=kind)

    def _vectors(self, outputs: dict[str, Any]) -> torch.Tensor:
        vectors: torch.Tensor = outputs["sentence_embedding"].float()
        if self.model.truncate_dim is not None:
            vectors = vectors[:, : self.model.truncate_dim]
        if self.normalised:
            # In bfloat16 a length is one to three digits only.
            vectors = torch.nn.functional.normalize(vectors, dim=-1)
        return vectors

    def _real(self, inputs: dict[str, Any], kind: Kind) -> torch.Tensor:
        ids: torch.Tensor = inputs["input_ids"]
        mask: torch.Tensor = inputs["attention_mask"].bool()
        tokenizer = self._tokenizer(kind)
        special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
        return mask & ~torch.isin(ids, torch.tensor(sorted(special), device=ids.device))

    def _prompt(self, kind: Kind) -> str | None:
        """The prompt sentence-transformers would use for this kind of text."""
        names = ("query",) if kind == "query" else ("document", "passage", "corpus")
        for name in names:
            if self.model.prompts.get(name) is not None:
                return str(self.model.prompts[name])
        default = self.model.default_prompt_name
        return self.model.prompts.get(default) if default else None

    def _input(self, kind: Kind) -> Any:
        """The module that reads the text: the first one, or the first of this kind's route."""
        first = self.model[0]
        routes = getattr(first, "sub_modules", None)
        if routes is None:
            return first
        return routes[first._resolve_route(task=kind, modality="text")][0]

    def _tokenizer(self, kind: Kind) -> Any:
        return getattr(self._input(kind), "tokenizer", None)

    def _limit(self, kind: Kind) -> int | None:
        limit = getattr(self._input(kind), "max_seq_length", None)
        return int(limit) if limit else None


def is_normalised(model: SentenceTransformer) -> bool:
    """Whether vectors are compared by their angle, so that they may be brought to length one.

    So it is when the model ends in a Normalize module, and when its similarity is cosine.
    """
    return model.similarity_fn_name == "cosine" or ends_in_unit_length(model)


def ends_in_unit_length(model: SentenceTransformer) -> bool:
    """Whether the model's last module (of every route) is Normalize, and nothing is cut after."""
    if model.truncate_dim is not None:
        return False
    last = model[-1]
    if isinstance(last, Normalize):
        return True
    routes: dict[str, Any] = getattr(last, "sub_modules", None) or {}
    return bool(routes) and all(isinstance(r[-1], Normalize) for r in routes.values())


def as_array(tensor: torch.Tensor) -> Floats:
    """A tensor's values as float32."""
    array: Floats = tensor.float().cpu().numpy()
    return array
