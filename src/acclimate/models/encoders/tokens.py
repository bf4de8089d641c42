"""TokenEncoder: an opened late-interaction model; one call is one batch.

Shapes: N texts, B queries, U documents, L tokens, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import normalize, pad

from acclimate.models.encoders.opened import SentenceEncoder, as_array
from acclimate.models.ref import Floats, Kind

LOWEST = -1.0
"""Score of a document without a token: the lowest cosine."""


class TokenEncoder(SentenceEncoder):
    """Texts to one unit-norm vector per token; which tokens count is the model's own business.

    Where one vector is asked for, it is the mean of a text's token vectors, at length one.

    Args:
        model: a MultiVectorEncoder of sentence-transformers in evaluation mode.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.normalised = True
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.has_tokens = True

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and per text its unit-norm token vectors (L_i, D)."""
        if not texts:
            return super().encode_tokens(texts, kind=kind)
        with torch.inference_mode():
            vectors_NLD = self.tensors(texts, kind=kind)
            tokens = [as_array(rows[there]) for rows, there in zip(
                vectors_NLD, counting(vectors_NLD), strict=True
            )]  # fmt: skip
            return as_array(normalize(vectors_NLD.sum(dim=1), dim=-1)), tokens

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32."""
        return self.encode_tokens(texts, kind=kind)[0]

    def _vectors(self, outputs: dict[str, Any]) -> torch.Tensor:
        """Token vectors, (N, L, D); 0 where no token counts."""
        vectors: torch.Tensor = normalize(outputs["token_embeddings"].float(), dim=-1)
        return torch.where(outputs["attention_mask"].bool()[..., None], vectors, 0.0)

    def joined(self, parts: Sequence[torch.Tensor]) -> torch.Tensor:
        """Token vectors of several calls as one tensor, as wide as the longest text."""
        width = max(part.shape[1] for part in parts)
        return torch.cat([pad(part, (0, 0, 0, width - part.shape[1])) for part in parts])

    def compared(self, queries: torch.Tensor, documents: torch.Tensor) -> torch.Tensor:
        """Mean over a query's tokens of their largest cosine with a document's, (B, U).

        A query at a time: the products of all would fill the memory.
        """
        there_UL = counting(documents)
        scores = []
        for vectors_LD, counts_L in zip(queries, counting(queries), strict=True):
            cosines_LUL = torch.einsum("ld,umd->lum", vectors_LD[counts_L], documents)
            best_LU = cosines_LUL.masked_fill(~there_UL, LOWEST).amax(dim=2)
            scores.append(best_LU.sum(dim=0) / counts_L.sum().clamp(min=1))
        return torch.stack(scores)


def counting(vectors: torch.Tensor) -> torch.Tensor:
    """Which places of (N, L, D) hold a token that counts, (N, L): a unit vector is never 0."""
    return vectors.detach().abs().amax(dim=-1) > 0
