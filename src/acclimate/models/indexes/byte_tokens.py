"""ByteTokens: about the score of every document, and by how much it may be wrong.

Shapes: N documents, U of them with tokens, T tokens, D dimensions, Q tokens of a query.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from acclimate.models.indexes.encodes import Array, Rows
from acclimate.models.indexes.max_sim import NOTHING, blocks, evenly, gathered
from acclimate.models.ref import Floats, Integers

STEPS = 127
"""Of a byte, to either side."""

BLOCK = 16_384
"""Tokens whose products with a query stay in the processor's cache until they are read."""

ROUNDING = 1e-5
"""Sums in single precision differ by less."""

SAMPLE = 2_000
"""Documents that the leading directions are found from."""


@dataclass(frozen=True, eq=False)
class ByteTokens:
    """Every token of every document, in a byte of each dimension.

    A token is x = s b + e with whole numbers b and a step s in each dimension, a query's is
    v s = a c + f likewise. So v x = a (c b) + f b + v e, and a (c b) is off by at most
    |f| |b| + |v| |e|: so is the largest over a document's tokens, and the mean of that over the
    query's is off by at most the mean. What cannot reach the best ones by then is none of them.

    Args:
        packed: b, document by document, (T, D) int8.
        ends: where the tokens of each document begin in `packed`, and the end, (N + 1,).
        steps: s, (D,).
        reach: the largest |b| and the largest |e|, (2,).
    """

    packed: Array
    ends: Integers
    steps: Floats
    reach: Floats

    @classmethod
    def found(cls, arrays: Mapping[str, Array]) -> ByteTokens:
        """From the arrays of an index."""
        return cls(*(np.asarray(arrays[name]) for name in ("packed", "ends", "steps", "reach")))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def of(self, rows: Integers) -> ByteTokens:
        """Some of the documents."""
        parts = [self.packed[self.ends[row] : self.ends[row + 1]] for row in rows.tolist()]
        ends = np.cumsum([0, *map(len, parts)])
        return ByteTokens(np.concatenate(parts), ends, self.steps, self.reach)

    def estimates(self, query: Floats, shares: Floats | None = None) -> tuple[Floats, float]:
        """About the MaxSim of a query's tokens with every document, (N,), and how far off at most.

        A document without a token has `NOTHING`.

        Args:
            query: (Q, D).
            shares: of each of its tokens in the mean, (Q,); None: all have the same.
        """
        found = np.full(len(self), NOTHING, dtype=np.float32)
        if not len(query):
            found[self._filled] = 0
            return found, 0.0
        scaled = query * self.steps
        units = np.maximum(np.abs(scaled).max(axis=1, keepdims=True) / STEPS, 1e-30)
        whole = np.rint(scaled / units)
        longest, error = self.reach
        left = np.linalg.norm(scaled - whole * units, axis=1) * longest
        off = left + np.linalg.norm(query, axis=1) * error
        shares = np.full(len(query), 1 / len(query)) if shares is None else shares
        best_QU = self._best(whole.astype(np.int8))
        found[self._filled] = (units[:, 0] * shares).astype(np.float32) @ best_QU
        return found, float(shares @ off) + ROUNDING

    def _best(self, whole: Array) -> Floats:
        """The largest product of each row with a token of each document that has one, (Q, U)."""
        starts = self.ends[:-1][self._filled]
        best_QU = np.empty((len(whole), len(starts)), dtype=np.float32)
        for first, last in zip(self._cuts[:-1], self._cuts[1:], strict=True):
            start = starts[first]
            end = starts[last] if last < len(starts) else self.ends[-1]
            products_QT = self._products(whole, start, end)
            best_QU[:, first:last] = np.maximum.reduceat(
                products_QT, starts[first:last] - start, axis=1
            )
        return best_QU

    def _products(self, whole: Array, start: int, end: int) -> Array:
        """Products of rows (Q, D) with a stretch of the tokens, in whole numbers, (Q, T)."""
        if _multiplies(self.packed.shape[1]):
            return _multiplied(whole, self._tensor[start:end])
        tokens = self.packed[start:end].astype(np.float32)
        products: Array = whole.astype(np.float32) @ tokens.T
        return products

    @cached_property
    def _filled(self) -> Integers:
        """The documents that have a token, (U,)."""
        return np.flatnonzero(np.diff(self.ends))

    @cached_property
    def _cuts(self) -> Integers:
        """Between stretches of about `BLOCK` tokens, in `_filled`."""
        starts = self.ends[:-1][self._filled]
        cuts = np.searchsorted(starts, np.arange(0, self.ends[-1], BLOCK))
        return np.unique(np.append(cuts, len(starts)))

    @cached_property
    def _tensor(self) -> Any:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it is mapped to be read, and only read
            return torch.from_numpy(self.packed)


@dataclass(frozen=True, eq=False)
class Turned:
    """Token vectors in other directions.

    Args:
        rows: token vectors of documents, of D dimensions.
        directions: (D, K).
    """

    rows: Rows
    directions: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row: int) -> Floats:
        turned: Floats = self.rows[row] @ self.directions
        return turned


def leading(rows: Rows) -> Floats:
    """The half of the directions in which tokens are longest, (D, D / 2).

    Orthogonal, and found from documents that are taken evenly: the products of what is left out
    of two vectors are small, and their sum over the tokens of a query smaller.
    """
    tokens = gathered(rows, evenly(len(rows), SAMPLE)).vectors.astype(np.float64)
    _, directions = np.linalg.eigh(tokens.T @ tokens)
    half: Floats = directions[:, : -(tokens.shape[1] // 2) - 1 : -1].astype(np.float32)
    return half


def merged(query: Floats, most: int) -> tuple[Floats, Floats]:
    """Tokens that stand for those of a query, (≤ most, D), and what share of them each stands for.

    Means of tokens that are near each other (Ward): as they are in one sentence, many are.
    """
    from scipy.cluster.hierarchy import fcluster, ward

    if len(query) <= most:
        return query, np.full(len(query), 1 / max(1, len(query)), dtype=np.float32)
    group = fcluster(ward(query), most, "maxclust") - 1
    counts = np.bincount(group)
    member = np.arange(len(counts))[:, None] == group
    means: Floats = (member @ query / counts[:, None]).astype(np.float32)
    return means, (counts / len(query)).astype(np.float32)


def build(rows: Rows) -> Mapping[str, Array]:
    """The arrays of `ByteTokens` from token vectors of all documents."""
    most: Any = 0
    for _, tokens in blocks(rows):
        most = np.maximum(most, np.abs(tokens.vectors).max(axis=0, initial=0))
    steps = np.where(most > 0, most / np.float32(STEPS), np.float32(1)).astype(np.float32)
    packed, lengths, reach = [], [], np.zeros(2)
    for _, tokens in blocks(rows):
        whole = np.rint(tokens.vectors / steps)
        for place, part in enumerate((whole, tokens.vectors - whole * steps)):
            reach[place] = max(reach[place], np.linalg.norm(part, axis=1).max(initial=0))
        packed.append(whole.astype(np.int8))
        lengths.append(tokens.lengths)
    ends = np.cumsum([0, *np.concatenate(lengths)])
    return {"packed": np.concatenate(packed), "ends": ends, "steps": steps, "reach": reach}


def _multiplied(rows: Array, tokens: Any) -> Array:
    """Products of bytes, in whole numbers: several times as fast as those of floats."""
    import torch

    found: Array = torch._int_mm(torch.from_numpy(rows), tokens.t()).numpy()
    return found


@cache
def _multiplies(dimensions: int) -> bool:
    """Whether this processor multiplies bytes without error: older ones saturate."""
    import torch

    if not hasattr(torch, "_int_mm"):
        return False
    ends = np.array([[STEPS], [-STEPS]], dtype=np.int8)
    some = np.concatenate([np.tile(ends, dimensions), np.eye(5, dimensions, dtype=np.int8)])
    true = some.astype(np.int32) @ some.T.astype(np.int32)
    return np.array_equal(_multiplied(some, torch.from_numpy(some)), true)
