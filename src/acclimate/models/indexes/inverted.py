"""Inverted: for each word of the vocabulary, the documents that give it a weight.

Shapes: Q queries, N documents, V words of the vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.ranking import best, nothing, rated
from acclimate.models.ref import Encoder, Hits, Integers, Ref

QUERIES = 256
"""Queries that are searched with at once."""


@dataclass(frozen=True)
class Inverted:
    """Exact search by the dot product of sparse vectors, over the postings of a query's words.

    Documents that share no word with the query are not found.

    Paper:   Formal, Lassance, Piwowarski, Clinchant, SPLADE++, SIGIR 2022.
             https://arxiv.org/abs/2205.04733
    Code:    none followed; SciPy's sparse product.
    Differs: weights stay as they are; the paper's index rounds them.
    Cost:    the postings of the query's words.

    Args:
        encoder: gives weights of words.
    """

    encoder: Ref[Encoder]

    def fingerprint(self) -> str:
        """Hash of the encoder's fingerprint."""
        return hashlib.sha256(f"inverted {self.encoder.fingerprint()}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> TermIndex:
        """Encode the documents."""
        weights = engine.encode_terms(self.encoder, documents, kind="document")
        return TermIndex(self.encoder, weights, engine)


class TermIndex:
    """Weights of words in documents; use `Inverted.build`.

    Args:
        encoder: of the queries.
        weights: of the documents, a sparse (N, V).
        engine: encodes queries.
    """

    def __init__(self, encoder: Ref[Encoder], weights: Any, engine: Encodes) -> None:
        self.encoder = encoder
        self.weights = weights
        self.postings = weights.T.tocsr()
        self.engine = engine

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        wanted = self.engine.encode_terms(self.encoder, queries, kind="query")
        hits = nothing(len(queries), depth)
        for first in range(0, len(queries), QUERIES):
            scores = (wanted[first : first + QUERIES] @ self.postings).tocsr()
            for line in range(scores.shape[0]):
                cells = slice(scores.indptr[line], scores.indptr[line + 1])
                found, values = scores.indices[cells].astype(np.int64), scores.data[cells]
                rows, values = best(found[values > 0], values[values > 0], depth)
                hits.positions[first + line, : len(rows)] = rows
                hits.scores[first + line, : len(rows)] = values
        return hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents; 0 where no word is shared."""
        wanted = self.engine.encode_terms(self.encoder, queries, kind="query")
        lines = (
            self.weights[np.maximum(cells, 0)] @ wanted[line].toarray()[0]
            for line, cells in enumerate(among)
        )
        return rated(among, lines)
