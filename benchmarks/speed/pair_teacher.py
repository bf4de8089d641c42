"""pair_teacher: a teacher that either side can use, made of MiniLM's weights and nothing else.

A pair's score is the cosine of both texts' vectors plus the mean over the query's tokens of the
best cosine with a token of the document (late interaction). It reads every pair as a
cross-encoder does, one pass over query and document each time, and keeps nothing between pairs;
its margins lie within what a unit-norm student can reach, so that neither side needs rescaling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class PairTeacher:
    """The opened teacher.

    Args:
        folder: of a BERT-like encoder with mean pooling.
        max_length: tokens of either text.
    """

    def __init__(self, folder: str, max_length: int) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder).eval()
        self.max_length = max_length

    def predict(self, pairs: Sequence[tuple[str, str]], **_: Any) -> Any:
        """Scores of pairs, 32 at a time in the given order: what the peer's teacher does."""
        import numpy as np

        return np.concatenate(
            [
                self.score([q for q, _ in pairs[i : i + 32]], [d for _, d in pairs[i : i + 32]])
                for i in range(0, len(pairs), 32)
            ]
        )

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Any:
        """Scores of one batch of pairs, (N,) float32."""
        import torch

        with torch.inference_mode():
            query, query_tokens, query_mask = self._read(queries)
            document, tokens, mask = self._read(documents)
            close = torch.einsum("nqd,npd->nqp", query_tokens, tokens)
            best = close.masked_fill(~mask[:, None, :], -1.0).amax(2) * query_mask
            late = best.sum(1) / query_mask.sum(1)
            return ((query * document).sum(1) + late).numpy()

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Any:
        """Tokens of both texts of each pair."""
        import numpy as np

        cut = {"truncation": True, "max_length": self.max_length}
        return np.array(
            [
                len(a) + len(b)
                for a, b in zip(
                    self.tokenizer(list(queries), **cut)["input_ids"],
                    self.tokenizer(list(documents), **cut)["input_ids"],
                    strict=True,
                )
            ],
            dtype=np.int64,
        )

    def _read(self, texts: Sequence[str]) -> tuple[Any, Any, Any]:
        import torch

        words = self.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            return_tensors="pt",
            max_length=self.max_length,
        )
        hidden = self.model(**words).last_hidden_state
        mask = words["attention_mask"].bool()
        mean = (hidden * mask[:, :, None]).sum(1)
        normal = torch.nn.functional.normalize
        return normal(mean, dim=1), normal(hidden, dim=2), mask


@dataclass(frozen=True)
class PairScorer:
    """The same teacher as a value, for acclimate.

    Args:
        folder: of the encoder.
        max_length: tokens of either text.
    """

    folder: str
    max_length: int = 256

    def open(self, device: str) -> PairTeacher:
        """Load the weights; on the processor only."""
        if device != "cpu":
            raise ValueError(f"PairScorer runs on the cpu; there is {device!r}.")
        return PairTeacher(self.folder, self.max_length)

    def fingerprint(self) -> str:
        """Hash of the weights and of the length."""
        weights = (Path(self.folder) / "model.safetensors").read_bytes()
        return hashlib.sha256(f"pair {self.max_length}".encode() + weights).hexdigest()
