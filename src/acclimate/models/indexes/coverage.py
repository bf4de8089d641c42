"""Coverage: how much of a query's weight of words a document holds, between 0 and 1."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from acclimate.models.indexes.bm25 import BM25, LexicalIndex
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.ref import Floats


@dataclass(frozen=True)
class Coverage:
    """BM25 divided by the largest value any document could reach for the query.

    score = BM25(q, d) / sum of idf(w) over the words w of q, words no document holds included:
    each word adds its idf times a share below 1. So scores of different queries have one scale,
    and can be added to cosines: a query whose words the corpus does not use is worth little.

    Origin: the idf-weighted share of matched words, as in Lucene's coordination factor.
    Code:   none followed.
    Cost:   as BM25.

    Args:
        bm25: the index that counts.
    """

    bm25: BM25 = field(default_factory=BM25)

    def fingerprint(self) -> str:
        """Hash of the settings."""
        return hashlib.sha256(f"coverage {self.bm25.fingerprint()}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> CoverageIndex:
        """Count the words of all documents."""
        return CoverageIndex(self.bm25.build(documents, engine))


class CoverageIndex(LexicalIndex):
    """Shares of the query's weight; use `Coverage.build`."""

    def __init__(self, counted: LexicalIndex) -> None:
        self.__dict__.update(vars(counted))
        found = np.diff(self._starts)
        self._idf = np.log1p((self.documents - found + 0.5) / (found + 0.5))
        self._idf_unknown = float(np.log1p((self.documents + 0.5) / 0.5))

    def _all(self, queries: Sequence[str]) -> Iterator[Floats]:
        for query, scores in zip(queries, super()._all(queries), strict=True):
            weight = self._idf[self.words.read(query, grow=False)].sum()
            weight += self.words.unknown(query) * self._idf_unknown
            if weight > 0:
                np.divide(scores, weight, out=scores)
            yield scores
