"""Served: a model held open for whoever asks, one query at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from acclimate.engines.batching import batches, budget_of
from acclimate.errors import ModelError
from acclimate.models.encoders.exported import Exported
from acclimate.models.encoders.multi_vector import MultiVector
from acclimate.models.family import served
from acclimate.models.ref import Kind
from acclimate.models.scorers import CrossEncoder, ExportedPairs


class Served:
    """A model's vectors or scores for programs that bring texts and keep what comes of them.

    An engine keeps what it computes, for runs; this keeps nothing but the open model. Texts go
    through it in batches of like length, and come back in their order.

    Args:
        model: hub name or folder, that of an export included.
        device: "cpu", "cuda", …; "auto": a GPU where there is one.
    """

    def __init__(self, model: str, device: str = "auto") -> None:
        self.model = model
        self.device = device

    @cached_property
    def _ref(self) -> Any:
        return served(self.model)

    @cached_property
    def _opened(self) -> Any:
        return self._ref.open(self._place)

    @cached_property
    def _place(self) -> str:
        if self.device != "auto" or isinstance(self._ref, Exported | ExportedPairs):
            return "cpu" if self.device == "auto" else self.device
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"

    @property
    def _by_token(self) -> bool:
        exported = isinstance(self._ref, Exported) and self._opened.has_tokens
        return exported or isinstance(self._ref, MultiVector)

    def vectors(self, texts: Sequence[str], *, kind: Kind) -> list[list[float]]:
        """A vector of each text, as its kind is read by the model.

        Raises:
            ModelError: when the model reads pairs, or gives a text more than one vector.
        """
        if isinstance(self._ref, CrossEncoder | ExportedPairs):
            raise ModelError(f"{self.model} reads pairs and gives no vectors: it is a reranker.")
        if self._by_token:
            raise ModelError(
                f"{self.model} gives a vector for each token, and their mean is not what it "
                "learned. Write them into a store that compares them: acclimate export --to "
                "qdrant, or lancedb."
            )
        made: list[Any] = [None] * len(texts)
        for rows in batches(self._opened.count_tokens(texts), budget_of(self._place)):
            found = self._opened.encode([texts[row] for row in rows], kind=kind)
            for row, vector in zip(rows.tolist(), found.tolist(), strict=True):
                made[row] = vector
        return made

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query: raw logits.

        Raises:
            ModelError: when the model gives vectors.
        """
        if not isinstance(self._ref, CrossEncoder | ExportedPairs):
            raise ModelError(f"{self.model} gives vectors and reads no pairs: it is no reranker.")
        asked = [query] * len(texts)
        made = np.zeros(len(texts))
        for rows in batches(self._opened.count_tokens(asked, texts), budget_of(self._place)):
            made[rows] = self._opened.score([query] * len(rows), [texts[row] for row in rows])
        return made.tolist()

    def best(self, query: str, texts: Sequence[str], count: int) -> list[tuple[int, float]]:
        """Places and scores of the texts that answer the query best; ties in their order."""
        scores = self.scores(query, texts)
        order = sorted(range(len(texts)), key=lambda row: (-scores[row], row))
        return [(row, scores[row]) for row in order[:count]]
