"""Ref: a model as a value. And what an opened model can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Kind = Literal["query", "document"]

ModelT_co = TypeVar("ModelT_co", covariant=True)


@runtime_checkable
class Ref(Protocol[ModelT_co]):
    """A model as a value: a frozen dataclass, cheap to build, compare, print and save."""

    def open(self, device: str) -> ModelT_co:
        """Load the weights: the only place where that happens.

        Raises:
            ModelError: when the model cannot be found or does not fit this role.
        """
        ...

    def fingerprint(self) -> str:
        """Hash of the weights and of every setting that changes what comes out; never a name."""
        ...


class Encoder(Protocol):
    """Texts to vectors. Batching, sorting and keeping are the engine's business."""

    dimension: int
    normalised: bool
    """Whether sentence vectors have length one, so that a dot product is a cosine."""

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """Tokens of each text after truncation, (N,)."""
        ...

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32. One call is one batch."""
        ...

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and per text its unit-norm token vectors (L_i, D)."""
        ...


class Scorer(Protocol):
    """(query, document) pairs to teacher scores: raw logits, no activation."""

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Tokens of each pair after truncation, (N,)."""
        ...

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """One score per pair, (N,) float32, higher is more relevant. One call is one batch."""
        ...


@dataclass(frozen=True)
class Written:
    """A text a writer made, and its mean token log-probability (nats; None where unknown)."""

    text: str
    log_prob: float | None = None


class Writer(Protocol):
    """Prompts to texts."""

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of each prompt after truncation, (N,)."""
        ...

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """`count` texts for each prompt. One call is one batch."""
        ...


@dataclass(frozen=True, eq=False)
class Hits:
    """What a search found: row numbers into the documents, and scores.

    Args:
        positions: (Q, K) int64, -1 where there were fewer than K documents.
        scores: (Q, K) float32, higher is closer, -inf where there is no document.
    """

    positions: Integers
    scores: Floats


class Index(Protocol):
    """Documents made searchable."""

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        ...

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents `among` (Q, K; -1 is no document), in the given order."""
        ...
