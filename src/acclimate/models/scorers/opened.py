"""PairScorer: an opened cross-encoder; one call is one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import torch
from sentence_transformers import CrossEncoder

from acclimate.models.padding import padded
from acclimate.models.ref import Floats, Integers


class PairScorer:
    """What the engine calls to score pairs: raw logits.

    Args:
        model: a cross-encoder with one output, in evaluation mode.
    """

    normalised: ClassVar[bool] = False
    """Its scores have no bounds."""

    token_cost: ClassVar[int] = 1
    """What a token takes in memory while it is trained, in those of an encoder of vectors."""

    def __init__(self, model: CrossEncoder) -> None:
        self.model = model
        self.has_activation = not isinstance(model.activation_fn, torch.nn.Identity)
        """Whether the saved model itself would squash its logits (they stay raw here)."""

    def halve(self) -> None:
        """Go on in bfloat16."""
        self.model.to(torch.bfloat16)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each pair after truncation, (N,)."""
        if not queries:
            return np.zeros(0, dtype=np.int64)
        ids = self.model.tokenizer(
            list(queries),
            list(documents),
            padding=False,
            truncation=True,
            max_length=self.model.max_seq_length,
            return_attention_mask=False,
            return_token_type_ids=False,
        )["input_ids"]
        return np.fromiter((len(i) for i in ids), dtype=np.int64, count=len(ids))

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """One raw logit per pair, (N,) float32."""
        if not queries:
            return np.zeros(0, dtype=np.float32)
        with torch.inference_mode():
            scores: Floats = self.tensors(queries, documents).cpu().numpy()
        return scores

    def tensors(self, queries: Sequence[str], documents: Sequence[str]) -> torch.Tensor:
        """The same logits with their gradients, (N,): for training."""
        pairs = list(zip(queries, documents, strict=True))
        features = self.model.preprocess(pairs, **padded(self.model[0]))
        inputs = {
            name: value.to(self.model.device) if isinstance(value, torch.Tensor) else value
            for name, value in features.items()
        }
        logits: torch.Tensor = self.model(inputs)["scores"]
        return logits.float().reshape(len(pairs))
