"""Residuals: a token's way from the centre of its cell, in few bits.

Shapes: T tokens, L tokens of a document, C cells, D dimensions, P bytes of a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from acclimate.models.indexes.encodes import Array
from acclimate.models.ref import Floats, Integers

Bits = Literal[1, 2]

SCALE = 127.0
"""Steps of a byte in a length of one: vectors differ from their centres by less in a dimension."""


class Packing(Protocol):
    """How residuals are written as bytes."""

    def packed(self, residuals: Floats) -> Array:
        """(T, D) as bytes, (T, P)."""
        ...

    def products(self, packed: Array, vector: Floats) -> Floats:
        """About the products of what was packed with a vector (D,), (T,)."""
        ...

    def unpacked(self, packed: Array, dimensions: int) -> Floats:
        """About what was packed, (T, D)."""
        ...


@dataclass(frozen=True)
class Bytes:
    """A byte for each dimension: nearly the vectors themselves."""

    def packed(self, residuals: Floats) -> Array:
        """(T, D) as bytes, (T, D)."""
        steps: Array = np.rint(np.clip(residuals * SCALE, -127, 127)).astype(np.int8)
        return steps

    def products(self, packed: Array, vector: Floats) -> Floats:
        """About the products of what was packed with a vector (D,), (T,)."""
        found: Floats = packed.astype(np.float32) @ (vector / np.float32(SCALE))
        return found

    def unpacked(self, packed: Array, dimensions: int) -> Floats:
        """About what was packed, (T, D)."""
        return packed[:, :dimensions].astype(np.float32) / np.float32(SCALE)


@dataclass(frozen=True, eq=False)
class Levels:
    """A bit or two for each dimension, which stand for 2 or 4 steps.

    Each step is as often as any other in the sample they were found from, and stands for its
    middle value.

    Paper:   ColBERTv2, whose index ColBERT-XM uses (2 bits, 4 rounds of k-means), 2024.
             https://arxiv.org/abs/2402.15059
    Code:    none followed; the residuals of stanford-futuredata/ColBERT.
    Differs: the steps are found from the first of the documents.

    Args:
        cuts: between the steps, (2^bits − 1,).
        values: what each step stands for, (2^bits,).
    """

    cuts: Floats
    values: Floats

    @classmethod
    def of(cls, residuals: Floats, bits: Bits) -> Levels:
        """Steps that are equally often in a sample."""
        steps = 2**bits
        residuals = residuals if residuals.size else np.zeros(1, dtype=np.float32)
        cuts = np.quantile(residuals, np.arange(1, steps) / steps)
        values = np.quantile(residuals, (np.arange(steps) + 0.5) / steps)
        return cls(cuts.astype(np.float32), values.astype(np.float32))

    @property
    def bits(self) -> int:
        """Of each dimension."""
        return len(self.values).bit_length() - 1

    def packed(self, residuals: Floats) -> Array:
        """The steps of (T, D) as bytes, (T, P)."""
        steps_TD = np.searchsorted(self.cuts, residuals).astype(np.uint8)
        planes = [(steps_TD >> place) & 1 for place in reversed(range(self.bits))]
        bits_TDb = np.stack(planes, axis=2)
        return np.packbits(bits_TDb.reshape(len(residuals), self.bits * residuals.shape[1]), axis=1)

    @cached_property
    def _of_byte(self) -> Floats:
        """What each byte stands for, (256, 8 / bits)."""
        places = np.arange(8 - self.bits, -1, -self.bits)
        steps = (np.arange(256)[:, None] >> places) & (len(self.values) - 1)
        found: Floats = self.values[steps]
        return found

    def products(self, packed: Array, vector: Floats) -> Floats:
        """The products of packed steps' values with a vector (D,), (T,)."""
        found: Floats = self.unpacked(packed, len(vector)) @ vector
        return found

    def unpacked(self, packed: Array, dimensions: int) -> Floats:
        """The values of packed steps, (T, D)."""
        width = packed.shape[1] * 8 // self.bits
        return self._of_byte[packed].reshape(len(packed), width)[:, :dimensions]


def packing(arrays: Mapping[str, Array]) -> Packing:
    """How the residuals of an index are packed."""
    if "cuts" not in arrays:
        return Bytes()
    return Levels(np.asarray(arrays["cuts"]), np.asarray(arrays["values"]))


@dataclass(frozen=True, eq=False)
class Residuals:
    """Token vectors of documents, near what they were.

    Args:
        centres: (C, D).
        ends: where the tokens of each cell begin in `packed`, and the end, (C + 1,).
        packed: residuals of tokens, cell by cell, (T, P).
        packing: how.
        places: of each token in `packed`, document by document, (T,).
        token_ends: where the tokens of each document begin in `places`, and the end, (N + 1,).
    """

    centres: Floats
    ends: Integers
    packed: Array
    packing: Packing
    places: Integers
    token_ends: Integers

    @classmethod
    def found(cls, arrays: Mapping[str, Array]) -> Residuals:
        """From the arrays of an index."""
        centres, ends, packed, places, token_ends = (
            np.asarray(arrays[name])
            for name in ("centres", "ends", "packed", "places", "token_ends")
        )
        return cls(centres, ends, packed, packing(arrays), places, token_ends)

    def __len__(self) -> int:
        return len(self.token_ends) - 1

    def __getitem__(self, row: int) -> Floats:
        """The token vectors of a document, at length one, (L, D) float32."""
        places = self.places[self.token_ends[row] : self.token_ends[row + 1]]
        cells = np.searchsorted(self.ends, places, side="right") - 1
        moved = self.packing.unpacked(self.packed[places], self.centres.shape[1])
        vectors = self.centres[cells] + moved
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        near: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
        return near
