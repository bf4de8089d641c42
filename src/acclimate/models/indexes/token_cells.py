"""TokenCells: which documents have a token near a given direction.

Shapes: N documents, T tokens, C cells, E pairs of a cell and a document, D dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.indexes.encodes import Array, Rows
from acclimate.models.indexes.max_sim import blocks, gathered
from acclimate.models.indexes.residuals import Bits, Levels
from acclimate.models.ref import Floats, Integers

PER_CELL = 40
"""Tokens of each cell that its centre is found from."""

ROUNDS = 4
"""Of moving the centres; as ColBERTv2 does."""

SAMPLE = 500
"""Documents that tell how many tokens there are."""

SEED = 0


@dataclass(frozen=True, eq=False)
class TokenCells:
    """Centres of token vectors, and for each the documents that have a token there.

    Args:
        centres: (C, D).
        ends: where the documents of each cell begin, and the end, (C + 1,).
        documents: rows of the documents, (E,).
        count: how many documents there are, N.
    """

    centres: Floats
    ends: Integers
    documents: Integers
    count: int

    @classmethod
    def found(cls, arrays: Mapping[str, Array], count: int) -> TokenCells:
        """From the arrays of an index."""
        centres, ends, documents = (np.asarray(arrays[n]) for n in ("centres", "ends", "documents"))
        return cls(centres, ends, documents, count)

    def estimates(self, query: Floats, probes: int) -> Floats:
        """About the MaxSim of a query's tokens with every document, (N,).

        A document's token counts as the centre of its cell. Only the nearest cells of each of the
        query's tokens are looked into; a document in none of them is taken to lie at their edge.
        """
        total: Floats = np.zeros(self.count, dtype=np.float32)
        probes = min(probes, len(self.centres))
        for near in query @ self.centres.T:
            nearest = np.argpartition(near, -probes)[-probes:]
            nearest = nearest[np.argsort(near[nearest])]
            row = np.full(self.count, near[nearest[0]], dtype=np.float32)
            lists = [self.documents[self.ends[c] : self.ends[c + 1]] for c in nearest.tolist()]
            # Where a document is in several cells, the last assignment stays: the nearest's.
            row[np.concatenate(lists)] = np.repeat(near[nearest], [len(found) for found in lists])
            total += row
        return total / np.float32(max(1, len(query)))


def build(rows: Rows, cells: int | None, bits: Bits | None) -> Mapping[str, Array]:
    """The arrays of `TokenCells`, and with `bits` those of `Residuals`.

    Args:
        rows: token vectors of all documents.
        cells: how many; None: four times the square root of the tokens.
        bits: of each dimension; None: no residuals are kept.
    """
    centres = _centres(rows, cells)
    nearest = _nearest(centres)
    levels: Levels | None = None
    pairs, of_tokens, packed, lengths = [], [], [], []
    for first, tokens in blocks(rows):
        cell = nearest.search(tokens.vectors, 1)[1][:, 0]
        document = first + np.repeat(np.arange(len(tokens)), tokens.lengths)
        pairs.append(np.unique(cell * len(rows) + document))
        if bits is not None:
            residuals = tokens.vectors - centres[cell]
            levels = levels or Levels.of(residuals, bits)
            packed.append(levels.packed(residuals))
            of_tokens.append(cell.astype(np.int32))
            lengths.append(tokens.lengths)
    cell, document = np.divmod(np.unique(np.concatenate(pairs)), len(rows))
    ends = np.searchsorted(cell, np.arange(len(centres) + 1))
    made = {"centres": centres, "ends": ends, "documents": document.astype(np.int32)}
    if levels is not None:
        made |= {
            "cells": np.concatenate(of_tokens),
            "packed": np.concatenate(packed),
            "cuts": levels.cuts,
            "values": levels.values,
            "token_ends": np.cumsum([0, *np.concatenate(lengths)]),
        }
    return made


def _centres(rows: Rows, cells: int | None) -> Floats:
    """Centres of a sample of the tokens, taken evenly from all documents."""
    import faiss

    some = _evenly(len(rows), SAMPLE)
    mean = max(1.0, float(np.mean(gathered(rows, some).lengths)))
    cells = cells or int(4 * np.sqrt(mean * len(rows)))
    sample = gathered(rows, _evenly(len(rows), int(PER_CELL * cells / mean) + 1)).vectors
    if not len(sample):
        return np.zeros((1, sample.shape[1]), dtype=np.float32)
    means = faiss.Kmeans(
        sample.shape[1], min(cells, len(sample)), niter=ROUNDS, seed=SEED, spherical=True,
        min_points_per_centroid=1, max_points_per_centroid=2 * PER_CELL,
    )  # fmt: skip
    means.train(np.ascontiguousarray(sample))
    centres: Floats = means.centroids
    return centres


def _evenly(count: int, wanted: int) -> list[int]:
    """Row numbers, at most `wanted` of them, from all of `count`."""
    rows: list[int] = np.unique(np.linspace(0, count - 1, min(count, wanted)).astype(int)).tolist()
    return rows


def _nearest(centres: Floats) -> Any:
    import faiss

    index = faiss.IndexFlatIP(centres.shape[1])
    index.add(np.ascontiguousarray(centres))
    return index
