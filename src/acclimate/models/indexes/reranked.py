"""Reranked: another index finds, and a scorer puts the first of what it found in order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.ref import Floats, Hits, Index, Integers, Ref, Scorer

DEPTH = 30
"""Documents of a query that are read with it."""


@dataclass(frozen=True)
class Reranked:
    """The first `depth` results of another index in the order of a scorer, the rest behind them.

    Paper:   Nogueira, Cho, Passage Re-ranking with BERT, 2019. https://arxiv.org/abs/1901.04085
    Code:    none followed.
    Differs: fewer documents are read than the paper's 1,000.
    Cost:    `depth` pairs per query, each read once; those in the ledger cost nothing.

    Args:
        scorer: reads query and document together.
        first: finds the documents, an index as a value.
        depth: how many of them are read.
    """

    scorer: Ref[Scorer]
    first: Any = field(default_factory=BM25)
    depth: int = DEPTH

    def fingerprint(self) -> str:
        """Hash of both fingerprints and the depth."""
        both = f"reranked {self.depth} {self.scorer.fingerprint()} {self.first.fingerprint()}"
        return hashlib.sha256(both.encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> RerankedIndex:
        """Build the first index."""
        found = self.first.build(documents, engine)
        return RerankedIndex(self.scorer, found, documents, engine, depth=self.depth)


class RerankedIndex:
    """Documents that are found by one index and put in order by a scorer; use `Reranked.build`."""

    def __init__(
        self,
        scorer: Ref[Scorer],
        first: Index,
        documents: Sequence[str],
        engine: Encodes,
        *,
        depth: int,
    ) -> None:
        self.scorer = scorer
        self.first = first
        self.documents = documents
        self.engine = engine
        self.depth = depth

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        found = self.first.search(queries, max(depth, self.depth))
        read = found.positions[:, : self.depth]
        scores = self.rate(queries, read).scores
        order = np.lexsort((read, -scores), axis=1)
        found.positions[:, : self.depth] = np.take_along_axis(read, order, axis=1)
        found.scores[:, : self.depth] = np.take_along_axis(scores, order, axis=1)
        _behind(found, self.depth)
        return Hits(found.positions[:, :depth], found.scores[:, :depth])

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""
        line, place = np.nonzero(among >= 0)
        asked = [queries[row] for row in line.tolist()]
        texts = [self.documents[row] for row in among[line, place].tolist()]
        scores: Floats = np.full(among.shape, -np.inf, dtype=np.float32)
        scores[line, place] = self.engine.score(self.scorer, asked, texts)
        return Hits(among.astype(np.int64), scores)


def _behind(found: Hits, depth: int) -> None:
    """Let what was not read follow in its own order: each scores 1 less than the one before."""
    there = found.positions[:, depth:] >= 0
    steps = np.arange(1, there.shape[1] + 1, dtype=np.float32)
    last = found.scores[:, depth - 1 : depth]
    found.scores[:, depth:] = np.where(there, last - steps, -np.inf)
