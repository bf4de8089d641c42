"""Encodes: the little of an engine that an index needs to be built and searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from acclimate.models.ref import Encoder, Floats, Kind, Ref


class Rows(Protocol):
    """Token vectors of many texts, possibly on disk."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> Floats: ...


class Encodes(Protocol):
    """Turns texts into vectors; any engine does."""

    def encode(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Floats:
        """Texts to sentence vectors, (N, D) float32."""
        ...

    def encode_tokens(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Rows:
        """Texts to token vectors."""
        ...
