"""Flat: every document vector against every query vector, exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.encoders import Dense, Exported, MultiVector, Sparse
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.inverted import Inverted
from acclimate.models.indexes.late_interaction import LateInteraction
from acclimate.models.indexes.ranking import Ranking, rated
from acclimate.models.indexes.reranked import Reranked
from acclimate.models.ref import Encoder, Floats, Hits, Index, Integers, Ref
from acclimate.models.scorers import CrossEncoder, ExportedPairs

BLOCK = 16_384
"""Documents whose scores are held at once."""

QUERIES = 1_024
"""Queries whose scores are held at once: with BLOCK, 64 MiB."""

OWN: dict[type | str, Any] = {
    Sparse: Inverted, MultiVector: LateInteraction, CrossEncoder: Reranked,
    ExportedPairs: Reranked, "SparseEncoder": Inverted, "MultiVectorEncoder": LateInteraction,
}  # fmt: skip
"""What searches with a model that gives no single vector; an exported one goes by its family."""


@dataclass(frozen=True)
class Flat:
    """Exact search by dot product (the cosine, where the encoder's vectors have length one).

    Blocks of documents are read from disk one after the other, so that memory does not grow with
    them; ties go to the lower row number, which faiss does not promise. A model that gives no
    single vector is searched with in its own way: `Inverted`, `LateInteraction`, `Reranked`.

    Cost: one multiplication per query, document and dimension.

    Args:
        encoder: turns texts into vectors.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)

    def fingerprint(self) -> str:
        """Hash of the encoder's fingerprint."""
        return hashlib.sha256(f"flat {self.encoder.fingerprint()}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> Index:
        """Encode the documents."""
        made = self.encoder
        if own := OWN.get(made.family if isinstance(made, Exported) else type(made)):
            index: Index = own(self.encoder).build(documents, engine)
            return index
        vectors = engine.encode(self.encoder, documents, kind="document")
        return FlatIndex(self.encoder, vectors, engine)


class FlatIndex:
    """Document vectors, perhaps on disk; use `Flat.build`."""

    def __init__(self, encoder: Ref[Encoder], vectors: Floats, engine: Encodes) -> None:
        self.encoder = encoder
        self.vectors = vectors
        self.engine = engine

    def asked(self, queries: Sequence[str]) -> Floats:
        """The vectors that are searched with, (Q, D) float32."""
        return self.engine.encode(self.encoder, queries, kind="query")

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        wanted = self.asked(queries)
        found = [
            self._search(wanted[a : a + QUERIES], depth) for a in range(0, len(wanted), QUERIES)
        ]
        empty = Ranking(0, depth).hits
        return Hits(
            np.concatenate([empty.positions, *(hits.positions for hits in found)]),
            np.concatenate([empty.scores, *(hits.scores for hits in found)]),
        )

    def _search(self, wanted: Floats, depth: int) -> Hits:
        ranking = Ranking(len(wanted), depth)
        for first in range(0, len(self.vectors), BLOCK):
            ranking.add(wanted @ np.asarray(self.vectors[first : first + BLOCK]).T, first)
        return ranking.hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""
        wanted = self.asked(queries)
        return rated(among, self._rate(wanted, among))

    def _rate(self, wanted: Floats, among: Integers) -> Iterator[Floats]:
        for vector, cells in zip(wanted, among, strict=True):
            yield np.asarray(self.vectors[np.maximum(cells, 0)]) @ vector
