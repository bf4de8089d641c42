"""LexicalDense: words find, and what they say is multiplied with what vectors say.

Shapes: Q queries, K documents of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.ranking import looked_up, nothing
from acclimate.models.ref import Encoder, Floats, Hits, Index, Integers, Ref


@dataclass(frozen=True)
class LexicalDense:
    """The first documents of BM25 in the order of BM25's score times the cosine.

    A document that BM25 does not find among its first `depth` scores 0. No weight is to be
    chosen: the product does not change its order when either score has another unit.

    Paper:   LaPraDoR: Unsupervised Pretrained Dense Retriever for Zero-Shot Text Retrieval,
             Findings of ACL 2022 (lexicon-enhanced dense retrieval).
             https://arxiv.org/abs/2203.06169
    Code:    none followed.
    Differs: nothing known.
    Cost:    one encoding of the documents; a search of words and `depth` products per query.

    Args:
        encoder: makes the vectors.
        first: finds the documents, an index as a value.
        depth: how many of them are multiplied. Paper: 100.
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)
    first: Any = field(default_factory=BM25)
    depth: int = 100

    def fingerprint(self) -> str:
        """Hash of both fingerprints and the depth."""
        told = (self.depth, self.first.fingerprint(), self.encoder.fingerprint())
        return hashlib.sha256(f"lexical dense {told}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> LexicalDenseIndex:
        """Count the words of all documents, and encode them."""
        lexical, dense = (i.build(documents, engine) for i in (self.first, Flat(self.encoder)))
        return LexicalDenseIndex(lexical, dense, self.depth)


class LexicalDenseIndex:
    """Two indexes whose scores are multiplied; use `LexicalDense.build`."""

    def __init__(self, lexical: Index, dense: Index, depth: int) -> None:
        self.lexical = lexical
        self.dense = dense
        self.depth = depth

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        found = self.lexical.search(queries, self.depth)
        positions, scores = found.positions, self._multiplied(queries, found.positions, found)
        order = np.lexsort((positions, -scores), axis=1)[:, :depth]
        hits = nothing(len(queries), depth)
        hits.positions[:, : order.shape[1]] = np.take_along_axis(positions, order, axis=1)
        hits.scores[:, : order.shape[1]] = np.take_along_axis(scores, order, axis=1)
        return hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""
        found = self.lexical.search(queries, self.depth)
        return Hits(among.astype(np.int64), self._multiplied(queries, among, found))

    def _multiplied(self, queries: Sequence[str], among: Integers, found: Hits) -> Floats:
        """Scores of documents (Q, K), 0 for those that words did not find."""
        lexical = looked_up(found, among, np.zeros(len(queries), dtype=np.float32))
        dense = self.dense.rate(queries, among).scores
        return multiplied(lexical, np.where(among >= 0, dense, -np.inf))


def multiplied(lexical: Floats, dense: Floats) -> Floats:
    """Scores of words times those of vectors; -inf where there is no document."""
    there = np.isfinite(dense)
    scores: Floats = np.full(dense.shape, -np.inf, dtype=np.float32)
    scores[there] = lexical[there] * dense[there]
    return scores
