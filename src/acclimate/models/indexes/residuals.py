"""Residuals: token vectors as the centre of their cell and a bit or two for each dimension.

Shapes: T tokens, L tokens of a document, D dimensions, P bytes of a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from acclimate.models.indexes.encodes import Array
from acclimate.models.ref import Floats, Integers

Bits = Literal[1, 2]


@dataclass(frozen=True, eq=False)
class Levels:
    """How far from its centre a token lies in a dimension, in 2 or 4 steps.

    Half of the steps lie on either side, each as often as any other in the sample they were found
    from, and stands for its middle value.

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
        residuals = residuals if residuals.size else np.zeros(1)
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
        return self.values[steps]

    def unpacked(self, bytes_TP: Array, dimensions: int) -> Floats:
        """The values of packed steps, (T, D)."""
        width = bytes_TP.shape[1] * 8 // self.bits
        return self._of_byte[bytes_TP].reshape(len(bytes_TP), width)[:, :dimensions]


@dataclass(frozen=True, eq=False)
class Residuals:
    """Token vectors of documents, near what they were.

    Paper:   ColBERTv2: 4 rounds of k-means and residuals of 1 or 2 bits.
    Code:    stanford-futuredata/ColBERT, indexing/codecs/residual.py.
    Differs: nothing known.

    Args:
        centres: (C, D).
        cells: each token's, (T,).
        packed: steps of each token's way from its centre, (T, P).
        levels: what they stand for.
        ends: where the tokens of each document begin, and the end, (N + 1,).
    """

    centres: Floats
    cells: Integers
    packed: Array
    levels: Levels
    ends: Integers

    @classmethod
    def found(cls, arrays: Mapping[str, Array]) -> Residuals:
        """From the arrays of an index."""
        centres, cells, packed, cuts, values, ends = (
            np.asarray(arrays[name])
            for name in ("centres", "cells", "packed", "cuts", "values", "token_ends")
        )
        return cls(centres, cells, packed, Levels(cuts, values), ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, row: int) -> Floats:
        """The token vectors of a document, at length one, (L, D) float32."""
        part = slice(self.ends[row], self.ends[row + 1])
        moved = self.levels.unpacked(self.packed[part], self.centres.shape[1])
        vectors = self.centres[self.cells[part]] + moved
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        near: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
        return near
