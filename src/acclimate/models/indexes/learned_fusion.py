"""LearnedFusion: what several indexes find, in the order of a ranker that knows their scores.

Shapes: Q queries, K documents of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.ranking import ordered, union
from acclimate.models.ref import Hits, Index, Integers
from acclimate.models.weights import digest


@dataclass(frozen=True)
class LearnedFusion:
    """The documents that any of several indexes finds, by a score learned from what all say.

    The ranker knows of each index the document's score, whether it is found at all, and the highest
    and lowest score of the list; `loops.FusionRanker` trains it.

    Rows: [089].

    Paper:   Dadas, Perełkiewicz, Poświata, PIRB: A Comprehensive Benchmark of Polish Dense and
             Hybrid Text Retrieval Methods, LREC-COLING 2024. https://arxiv.org/abs/2402.13350
    Code:    sdadas/pirb.
    Differs: a small network for gradient boosted trees: it is saved without pickle, and needs no
             other library.
    Cost:    a search in each index; nothing beside it.

    Args:
        ranker: folder of the ranker: `ranker` in the folder of its training's step.
        members: indexes as values, in the order of the miners that the ranker learned from.
        depth: results of each.
    """

    ranker: str
    members: tuple[Any, ...] = field(default_factory=lambda: (BM25(), Flat()))
    depth: int = 100

    def __post_init__(self) -> None:
        """Refuse to find nothing."""
        if not self.members or self.depth < 1:
            raise ModelError(
                f"LearnedFusion with {len(self.members)} members and depth={self.depth} finds "
                "nothing. Give indexes, and a depth of 1 or more."
            )

    def fingerprint(self) -> str:
        """Hash of the ranker's weights, of the indexes and of the depth."""
        told = (digest(Path(self.ranker)), [m.fingerprint() for m in self.members], self.depth)
        return hashlib.sha256(f"learned fusion {told}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> LearnedFusionIndex:
        """Build the indexes.

        Raises:
            ModelError: when there is no ranker, or one of another number of indexes.
        """
        return LearnedFusionIndex([m.build(documents, engine) for m in self.members], self)


class LearnedFusionIndex:
    """Indexes whose lists a ranker makes one; use `LearnedFusion.build`."""

    def __init__(self, members: Sequence[Index], told: LearnedFusion) -> None:
        from acclimate.models.indexes.fusion_ranker import opened

        self.members = members
        self.depth = told.depth
        self.ranker = opened(Path(told.ranker), len(members))

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        lists = self._lists(queries, depth)
        pool = union([found.positions for found in lists])
        hits = ordered(pool, self.ranker.scores(lists, pool), depth)
        short = ((0, 0), (0, depth - hits.positions.shape[1]))
        return Hits(
            np.pad(hits.positions, short, constant_values=-1),
            np.pad(hits.scores, short, constant_values=-np.inf),
        )

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents; one that no index finds is told from others by none."""
        scores = self.ranker.scores(self._lists(queries, self.depth), among)
        return Hits(among.astype(np.int64), np.where(among >= 0, scores, np.float32(-np.inf)))

    def _lists(self, queries: Sequence[str], depth: int) -> list[Hits]:
        return [member.search(queries, max(depth, self.depth)) for member in self.members]
