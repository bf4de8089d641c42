"""TokenCells: which documents have tokens near those of a query.

Shapes: N documents, T tokens, C cells, D dimensions, P bytes of a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.indexes.encodes import Array, Rows
from acclimate.models.indexes.max_sim import blocks, count_about, evenly, gathered
from acclimate.models.indexes.residuals import Bits, Bytes, Levels, Packing, packing
from acclimate.models.ref import Floats, Integers

PER_CELL = 40
"""Tokens of each cell that its centre is found from."""

ROUNDS = 4
"""Of moving the centres; as ColBERTv2 does."""

SEED = 0


@dataclass(frozen=True, eq=False)
class TokenCells:
    """Tokens of documents by the centre they are nearest to.

    Args:
        centres: (C, D).
        ends: where the tokens of each cell begin, and the end, (C + 1,).
        documents: row of each token's document, (T,).
        packed: each token's way from its centre, (T, P).
        packing: how.
        count: how many documents there are, N.
    """

    centres: Floats
    ends: Integers
    documents: Integers
    packed: Array
    packing: Packing
    count: int

    @classmethod
    def found(cls, arrays: Mapping[str, Array], count: int) -> TokenCells:
        """From the arrays of an index."""
        centres, ends, documents, packed = (
            np.asarray(arrays[name]) for name in ("centres", "ends", "documents", "packed")
        )
        return cls(centres, ends, documents, packed, packing(arrays), count)

    def estimates(self, query: Floats, probes: int) -> Floats:
        """About the MaxSim of a query's tokens with every document, (N,).

        Each token of the query is compared with the tokens of its nearest cells. A document that
        has none there is taken to lie where the last of these cells does.
        """
        total: Floats = np.zeros(self.count, dtype=np.float32)
        probes = min(probes, len(self.centres))
        for token, near in zip(query, query @ self.centres.T, strict=True):
            nearest = np.argpartition(near, -probes)[-probes:]
            parts = [slice(self.ends[cell], self.ends[cell + 1]) for cell in nearest.tolist()]
            cosines = np.concatenate(
                [
                    self.packing.products(self.packed[part], token) + centre
                    for part, centre in zip(parts, near[nearest], strict=True)
                ]
            )
            where = np.concatenate([self.documents[part] for part in parts])
            found = np.full(self.count, -np.inf, dtype=np.float32)
            np.maximum.at(found, where, cosines)
            total += np.where(np.isneginf(found), near[nearest].min(), found)
        return total / np.float32(max(1, len(query)))


def build(rows: Rows, cells: int | None, bits: Bits | None) -> Mapping[str, Array]:
    """The arrays of `TokenCells`, and with `bits` those that `Residuals` has beside them.

    Args:
        rows: token vectors of all documents.
        cells: how many; None: four times the square root of the tokens.
        bits: of each dimension, where documents are to be compared by residuals; None: a byte, to
            find them only.
    """
    centres = _centres(rows, cells)
    nearest = _nearest(centres)
    how: Packing | None = None if bits else Bytes()
    cell_parts, packed_parts, lengths = [], [], []
    for _, tokens in blocks(rows):
        cell = nearest.search(tokens.vectors, 1)[1][:, 0]
        residuals = tokens.vectors - centres[cell]
        how = how or Levels.of(residuals, bits or 2)
        cell_parts.append(cell.astype(np.int32))
        packed_parts.append(how.packed(residuals))
        lengths.append(tokens.lengths)
    cell, length = np.concatenate(cell_parts), np.concatenate(lengths)
    order = np.argsort(cell, kind="stable")
    made: dict[str, Array] = {
        "centres": centres,
        "ends": np.searchsorted(cell[order], np.arange(len(centres) + 1)),
        "documents": np.repeat(np.arange(len(rows), dtype=np.int32), length)[order],
        "packed": np.concatenate(packed_parts)[order],
    }
    if isinstance(how, Levels):
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        made |= {"cuts": how.cuts, "values": how.values, "places": places}
        made["token_ends"] = np.cumsum([0, *length])
    return made


def _centres(rows: Rows, cells: int | None) -> Floats:
    """Centres of a sample of the tokens, taken evenly from all documents."""
    import faiss

    tokens = max(1.0, len(rows), count_about(rows))
    cells = cells or int(4 * np.sqrt(tokens))
    wanted = int(PER_CELL * cells * len(rows) / tokens) + 1
    sample = gathered(rows, evenly(len(rows), wanted)).vectors
    if not len(sample):
        return np.zeros((1, sample.shape[1]), dtype=np.float32)
    means = faiss.Kmeans(
        sample.shape[1], min(cells, len(sample)), niter=ROUNDS, seed=SEED, spherical=True,
        min_points_per_centroid=1, max_points_per_centroid=2 * PER_CELL,
    )  # fmt: skip
    means.train(np.ascontiguousarray(sample))
    return np.asarray(means.centroids, dtype=np.float32)


def _nearest(centres: Floats) -> Any:
    import faiss

    index = faiss.IndexFlatIP(centres.shape[1])
    index.add(np.ascontiguousarray(centres))
    return index
