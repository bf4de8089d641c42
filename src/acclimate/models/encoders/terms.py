"""TermEncoder: an opened sparse encoder; one call is one batch.

Shapes: N texts, V words of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from sentence_transformers.sparse_encoder.modules import SpladePooling

from acclimate.errors import ModelError
from acclimate.models.encoders.opened import SentenceEncoder
from acclimate.models.ref import Floats, Kind


class TermEncoder(SentenceEncoder):
    """Texts to weights of words, most of which are 0, (N, V).

    Args:
        model: a SparseEncoder of sentence-transformers in evaluation mode.
    """

    token_cost: ClassVar[int] = 3

    def __init__(self, model: Any) -> None:
        self.model = model
        self.normalised = model.similarity_fn_name == "cosine"
        self._pools = [m for m in model.modules() if isinstance(m, SpladePooling)]
        # Until its first text a pooling does not know how many words there are.
        told = self._pools[0].embedding_dimension if self._pools else None
        self.dimension = int(told or model.transformers_model.config.vocab_size)
        self.has_tokens = False

    def tensors(self, texts: Sequence[str], *, kind: Kind) -> torch.Tensor:
        """The weights with their gradients, (N, V): for training.

        Outside training the pooling writes over what its gradient needs; it has no dropout.
        """
        for pool in self._pools:
            pool.train()
        try:
            return super().tensors(texts, kind=kind)
        finally:
            for pool in self._pools:
                pool.eval()

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Refused: what it gives per token are logits of all words."""
        raise ModelError(
            "A sparse encoder has no token vectors. Give the part that asks for them an encoder of "
            "its own (encoder=Dense(…)), or another teacher."
        )

    def _vectors(self, outputs: dict[str, Any]) -> torch.Tensor:
        weights: torch.Tensor = outputs["sentence_embedding"].float()
        if self.model.max_active_dims is not None:
            least = weights.topk(self.model.max_active_dims, dim=1).values[:, -1:]
            weights = torch.where(weights >= least, weights, 0.0)
        if self.normalised:
            weights = torch.nn.functional.normalize(weights, dim=-1)
        return weights
