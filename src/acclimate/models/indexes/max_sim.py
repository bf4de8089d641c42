"""MaxSim: every token of a query looks for its best match in a document.

Shapes: B queries, Q tokens of several queries, T tokens of several documents, U documents,
D dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from acclimate.models.indexes.encodes import Rows
from acclimate.models.ref import Floats, Integers

NOTHING = -1.0
"""Score of a document without a token: the lowest cosine."""

BLOCK_TOKENS = 16_384
"""Tokens of documents that are compared at once."""

SAMPLE = 500
"""Texts that tell how many tokens there are."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """Token vectors of several texts, one text after the other.

    Args:
        vectors: (T, D) float32.
        ends: where each text begins in them, and the end, (U + 1,).
    """

    vectors: Floats
    ends: Integers

    def __len__(self) -> int:
        return len(self.ends) - 1

    @property
    def lengths(self) -> Integers:
        """Tokens of each text, (U,)."""
        return np.diff(self.ends)

    def of(self, texts: Integers) -> Tokens:
        """Some of the texts."""
        lengths = self.lengths[texts]
        starts = np.cumsum(lengths) - lengths
        places = np.repeat(self.ends[texts] - starts, lengths) + np.arange(lengths.sum())
        return Tokens(self.vectors[places], np.concatenate([starts, [lengths.sum()]]))


def gathered(rows: Rows, texts: Sequence[int]) -> Tokens:
    """The token vectors of these texts, in this order."""
    parts = [rows[text] for text in texts]
    ends = np.cumsum([0, *map(len, parts)])
    return Tokens(np.concatenate(parts) if parts else np.zeros((0, 0), np.float32), ends)


def blocks(rows: Rows) -> Iterator[tuple[int, Tokens]]:
    """All texts in stretches of about `BLOCK_TOKENS` tokens, each with its first row."""
    parts: list[Floats] = []
    first = held = 0
    for row in range(len(rows)):
        parts.append(rows[row])
        held += len(parts[-1])
        if held >= BLOCK_TOKENS or row == len(rows) - 1:
            yield first, Tokens(np.concatenate(parts), np.cumsum([0, *map(len, parts)]))
            parts, first, held = [], row + 1, 0


def evenly(count: int, wanted: int) -> list[int]:
    """Row numbers, at most `wanted` of them, from all of `count`."""
    rows: list[int] = np.unique(np.linspace(0, count - 1, min(count, wanted)).astype(int)).tolist()
    return rows


def count_about(rows: Rows) -> float:
    """How many tokens there are, from a sample of the texts."""
    some = evenly(len(rows), SAMPLE)
    return float(np.mean([len(rows[row]) for row in some])) * len(rows) if some else 0.0


def matches(vectors: Floats, documents: Tokens) -> Floats:
    """The largest cosine of each token with one of each document, (Q, U).

    Args:
        vectors: of tokens, (Q, D).
        documents: those without a token have `NOTHING`.
    """
    told = documents.lengths > 0
    best_QU = np.full((len(vectors), len(documents)), NOTHING, dtype=np.float32)
    if told.any() and len(vectors):
        cosines_QT = vectors @ documents.vectors.T
        best_QU[:, told] = np.maximum.reduceat(cosines_QT, documents.ends[:-1][told], axis=1)
    return best_QU


def scores(queries: Tokens, documents: Tokens) -> Floats:
    """Mean over a query's tokens of their largest cosine with a document's, (B, U).

    A query without a token scores 0 everywhere, a document without one `NOTHING`.
    """
    out = np.zeros((len(queries), len(documents)), dtype=np.float32)
    asked = queries.lengths > 0
    if asked.any() and len(documents):
        best_QU = matches(queries.vectors, documents)
        sums_BU = np.add.reduceat(best_QU, queries.ends[:-1][asked], axis=0)
        out[asked] = sums_BU / queries.lengths[asked][:, None]
    out[:, documents.lengths == 0] = NOTHING
    return out
