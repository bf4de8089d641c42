"""Engine: the four verbs in which all heavy work happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from acclimate.models.ref import (
    Encoder,
    Floats,
    Hits,
    Index,
    Integers,
    Kind,
    Ref,
    Scorer,
    Writer,
    Written,
)

Array = np.ndarray[Any, Any]


class TokenVectors(Protocol):
    """Token vectors of many texts, possibly on disk."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> Floats:
        """Unit-norm token vectors of one text, (L, D) float32."""
        ...


class IndexRef(Protocol):
    """An index as a value: what it is, before it is built over documents."""

    def fingerprint(self) -> str:
        """Hash of its settings and of the weights it uses."""
        ...

    def build(self, documents: Sequence[str], engine: Engine) -> Index:
        """Make the documents searchable; encodes through the engine."""
        ...


class Engine(Protocol):
    """All heavy work. Results are kept by fingerprint and found again after a crash."""

    @property
    def device(self) -> str:
        """Where models work: "cpu", "cuda"."""
        ...

    def encode(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Floats:
        """Texts to sentence vectors, (N, D) float32, perhaps memory-mapped. Each text once."""
        ...

    def encode_tokens(
        self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind
    ) -> TokenVectors:
        """Texts to token vectors (late interaction), kept on disk as float16."""
        ...

    def encode_terms(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Any:
        """Texts to weights of words (a sparse encoder), a SciPy CSR matrix (N, V) float32."""
        ...

    def score(
        self, scorer: Ref[Scorer], queries: Sequence[str], documents: Sequence[str]
    ) -> Floats:
        """Teacher scores of pairs, (N,) float32. Pairs in the ledger are not scored again."""
        ...

    def write(
        self, writer: Ref[Writer], prompts: Sequence[str], *, count: int, seed: int
    ) -> list[list[Written]]:
        """`count` texts per prompt, with log-probabilities. Each distinct prompt once."""
        ...

    def keep(
        self, name: str, texts: Sequence[str], make: Callable[[], Mapping[str, Array]]
    ) -> Mapping[str, Array]:
        """What an index makes of documents once: arrays, found again, perhaps memory-mapped."""
        ...

    def search(
        self,
        index: IndexRef,
        documents: Sequence[str],
        queries: Sequence[str],
        *,
        depth: int = 10,
        among: Integers | None = None,
    ) -> Hits:
        """Ranked documents of each query; or, with `among` (Q, K), the scores of those documents.

        The index is built over `documents` once and kept.
        """
        ...
