"""Interpolated: what words say and what vectors say, added up with a weight each.

Shapes: Q queries, K documents of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.ranking import looked_up, ordered, union
from acclimate.models.ref import Floats, Hits, Index, Integers


@dataclass(frozen=True)
class Interpolated:
    """The documents that either of two indexes finds, by the weighted sum of both scores.

    score(q, d) = lexical · words(q, d) + dense · vectors(q, d)

    A document that only one of them finds has the lowest score of the other's list. Cosines lie
    close together where BM25's scores do not: weigh them up, or bring both lists to one scale.

    Rows: [041], [111].

    Paper:   ReACC: A Retrieval-Augmented Code Completion Framework, 2022.
             https://arxiv.org/abs/2203.07722; both lists on one scale: To Interpolate or not to
             Interpolate: PRF, Dense and Sparse Retrievers, 2022. https://arxiv.org/abs/2205.00235
    Code:    ReACC's utils/get_res.py; the scale of castorini/pyserini's hybrid search.
    Differs: where a list is empty, or all of it has one score on the scale, its part is 0.
    Cost:    a search in each; `depth` sums per query.

    Args:
        vectors: an index as a value. `Flat` of an encoder, or what stands on it.
        words: likewise.
        lexical: weight of what `words` says. ReACC: 1.1.
        dense: weight of what `vectors` says. ReACC: 100.
        normalised: whether each list is brought to −0.5 (its lowest) … 0.5 (its highest) before.
        depth: results of each list.

    Example:
        >>> scores = np.float32([[0.9, 0.5, -np.inf]])
        >>> scaled(scores).tolist()
        [[0.5, -0.5, -inf]]
    """

    vectors: Any = field(default_factory=Flat)
    words: Any = field(default_factory=BM25)
    lexical: float = 1.1
    dense: float = 100.0
    normalised: bool = False
    depth: int = 100

    def fingerprint(self) -> str:
        """Hash of both fingerprints and of the settings."""
        told = (self.lexical, self.dense, self.normalised, self.depth)
        both = f"{self.vectors.fingerprint()} {self.words.fingerprint()}"
        return hashlib.sha256(f"interpolated {told} {both}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> InterpolatedIndex:
        """Build both indexes."""
        vectors, words = (i.build(documents, engine) for i in (self.vectors, self.words))
        return InterpolatedIndex(vectors, words, self)


class InterpolatedIndex:
    """Two indexes whose scores are added; use `Interpolated.build`."""

    def __init__(self, vectors: Index, words: Index, told: Interpolated) -> None:
        self.vectors = vectors
        self.words = words
        self.told = told

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        lists = self._lists(queries, depth)
        pool = union([found.positions for found in lists])
        hits = ordered(pool, self._summed(lists, pool), depth)
        short = ((0, 0), (0, depth - hits.positions.shape[1]))
        return Hits(
            np.pad(hits.positions, short, constant_values=-1),
            np.pad(hits.scores, short, constant_values=-np.inf),
        )

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""
        scores = self._summed(self._lists(queries, self.told.depth), among)
        return Hits(among.astype(np.int64), np.where(among >= 0, scores, np.float32(-np.inf)))

    def _lists(self, queries: Sequence[str], depth: int) -> tuple[Hits, Hits]:
        depth = max(depth, self.told.depth)
        return self.vectors.search(queries, depth), self.words.search(queries, depth)

    def _summed(self, lists: tuple[Hits, Hits], among: Integers) -> Floats:
        """The sum for documents (Q, K)."""
        total = np.zeros(among.shape, dtype=np.float32)
        for found, weight in zip(lists, (self.told.dense, self.told.lexical), strict=True):
            own = Hits(found.positions, scaled(found.scores)) if self.told.normalised else found
            there = np.isfinite(own.scores)
            lowest = np.where(there, own.scores, np.inf).min(axis=1, initial=np.inf)
            missing = np.where(np.isfinite(lowest), lowest, 0).astype(np.float32)
            total += np.float32(weight) * looked_up(own, among, missing)
        return total


def scaled(scores: Floats) -> Floats:
    """Scores of each list from −0.5, its lowest, to 0.5; 0 where all are the same."""
    there = np.isfinite(scores)
    some = there.any(axis=1, keepdims=True)
    low = np.where(there, scores, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    high = np.where(there, scores, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    low, high = np.where(some, low, 0.0), np.where(some, high, 0.0)
    wide = np.where(high > low, high - low, 1.0)
    return np.where(there, (scores - (low + high) / 2) / wide, -np.inf).astype(np.float32)
