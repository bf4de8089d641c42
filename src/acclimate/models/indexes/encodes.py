"""Encodes: the little of an engine that an index needs to be built and searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from acclimate.models.ref import Encoder, Floats, Kind, Ref, Scorer, Writer, Written

Array = np.ndarray[Any, Any]


class Rows(Protocol):
    """Token vectors of many texts, possibly on disk."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> Floats: ...


class Encodes(Protocol):
    """Turns texts into vectors, rates pairs, and writes; any engine does."""

    def encode(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Floats:
        """Texts to sentence vectors, (N, D) float32."""
        ...

    def encode_tokens(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Rows:
        """Texts to token vectors."""
        ...

    def encode_terms(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Any:
        """Texts to weights of words, a sparse (N, V)."""
        ...

    def score(
        self, scorer: Ref[Scorer], queries: Sequence[str], documents: Sequence[str]
    ) -> Floats:
        """Scores of pairs, (N,) float32."""
        ...

    def write(
        self, writer: Ref[Writer], prompts: Sequence[str], *, count: int, seed: int
    ) -> list[list[Written]]:
        """`count` texts per prompt."""
        ...

    def keep(
        self, name: str, texts: Sequence[str], make: Callable[[], Mapping[str, Array]]
    ) -> Mapping[str, Array]:
        """Arrays that are made of texts once, and found again by name and texts."""
        ...
