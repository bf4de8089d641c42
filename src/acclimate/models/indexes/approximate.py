"""Approximate: document vectors in cells, of which only the nearest are looked into."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import FlatIndex
from acclimate.models.indexes.ranking import best, nothing
from acclimate.models.ref import Encoder, Floats, Hits, Integers, Ref

EXACT = 20_000
"""Up to this many documents everything is compared: cells would not pay."""

PER_CELL = 40
"""Documents of each cell that its centre is found from."""

SPARE = 2
"""Times `depth` documents are found by rounded vectors, then ranked by the exact ones."""

SEED = 0


@dataclass(frozen=True)
class Approximate:
    """Inverted file with half-precision vectors (faiss); the found ones are scored exactly.

    It pays from about 20,000 documents and 10,000 queries on; before that `Flat` is as fast and
    misses nothing. The same documents always give the same cells.

    Paper:   Jégou, Douze, Schmid, Product Quantization for Nearest Neighbor Search, TPAMI 2011,
             section 4 (the inverted file). https://doi.org/10.1109/TPAMI.2010.57
    Code:    facebookresearch/faiss, IndexIVFScalarQuantizer.
    Differs: no product quantization.
    Cost:    probes / cells of what `Flat` costs; to build: cells × documents products.

    Args:
        encoder: turns texts into vectors.
        probes: cells looked into per query; more find more.
        cells: how many there are; None: the square root of the documents, times four.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)
    probes: int = 32
    cells: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings that find nothing."""
        if self.probes < 1 or (self.cells is not None and self.cells < 1):
            raise ModelError(f"{self!r}: probes and cells must be at least 1.")

    def fingerprint(self) -> str:
        """Hash of the settings and the encoder's fingerprint."""
        things = f"approximate {self.probes} {self.cells} {self.encoder.fingerprint()}"
        return hashlib.sha256(things.encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> FlatIndex:
        """Encode the documents and put them into cells."""
        vectors = engine.encode(self.encoder, documents, kind="document")
        if len(documents) <= EXACT and self.cells is None:
            return FlatIndex(self.encoder, vectors, engine)
        cells = self.cells or int(4 * np.sqrt(len(documents)))
        index = _cells(vectors, min(cells, len(documents)))
        index.nprobe = self.probes
        return CellIndex(self.encoder, vectors, engine, index)


class CellIndex(FlatIndex):
    """Vectors in cells; use `Approximate.build`."""

    def __init__(self, encoder: Ref[Encoder], vectors: Floats, engine: Encodes, index: Any) -> None:
        super().__init__(encoder, vectors, engine)
        self.index = index

    def _search(self, wanted: Floats, depth: int) -> Hits:
        hits = nothing(len(wanted), depth)
        among: Integers = self.index.search(np.ascontiguousarray(wanted), SPARE * depth)[1]
        for query, scores in enumerate(self._rate(wanted, among)):
            there = among[query] >= 0
            rows, values = best(among[query][there], scores[there], depth)
            hits.positions[query, : len(rows)], hits.scores[query, : len(rows)] = rows, values
        return hits


def _cells(vectors: Floats, cells: int) -> Any:
    import faiss

    dimension = vectors.shape[1]
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centres, dimension, cells, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.seed, index.cp.min_points_per_centroid = SEED, 1
    sample = np.linspace(0, len(vectors) - 1, min(len(vectors), PER_CELL * cells)).astype(np.int64)
    index.train(np.ascontiguousarray(vectors[np.unique(sample)]))
    for first in range(0, len(vectors), 65_536):
        index.add(np.ascontiguousarray(vectors[first : first + 65_536]))
    return index
