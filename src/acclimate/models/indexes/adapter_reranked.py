"""AdapterReranked: what another index finds, in the order of its scores and of an adapter's doubts.

Shapes: Q queries, K documents of each, D dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import FlatIndex
from acclimate.models.indexes.reranked import DEPTH, RerankedIndex
from acclimate.models.indexes.vector_prf import single
from acclimate.models.ref import Encoder, Floats, Hits, Index, Integers, Ref
from acclimate.models.weights import digest


@dataclass(frozen=True)
class AdapterReranked:
    """The first `depth` results of another index, by score · chance ^ power, the rest behind them.

    The chance is that of an adapter which learned from the encoder's vectors which labels are
    errors (`loops.FalseNegativeAdapter(reranks=True)`): how likely it holds the document for
    relevant. Nothing reads query and document together, so this costs next to nothing. A score
    below 0 stays as it is.

    Rows: [025].

    Paper:   RRRA: Resampling and Reranking through a Retriever Adapter, 2025.
             https://arxiv.org/abs/2508.11670
    Code:    none published.
    Differs: what the adapter's chance is made of is our reading: relevant are the true positives
             and the false negatives.
    Cost:    the search, and two small products of matrices for `depth` pairs per query.

    Args:
        adapter: folder of the adapter: `adapter` in the folder of its training's step.
        encoder: the student that came of that training.
        first: finds the documents, an index as a value. None: exact search with `encoder`.
        power: how much the adapter counts, λ; 0: not at all.
        depth: how many results are looked at.
    """

    adapter: str
    encoder: Ref[Encoder] = field(default_factory=Dense)
    first: Any = None
    power: float = 1.0
    depth: int = DEPTH

    def __post_init__(self) -> None:
        """Refuse to turn the adapter round, and to look at nothing."""
        if self.power < 0 or self.depth < 1:
            raise ModelError(
                f"AdapterReranked(power={self.power}, depth={self.depth}): give a power of 0 or "
                "more, and a depth of 1 or more."
            )

    def fingerprint(self) -> str:
        """Hash of the adapter's weights, of the encoder, of the index and of the settings."""
        first = "" if self.first is None else self.first.fingerprint()
        models = (digest(Path(self.adapter)), self.encoder.fingerprint(), first)
        return hashlib.sha256(f"adapter {models} {self.power} {self.depth}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> AdapterRerankedIndex:
        """Encode the documents, and build what finds the first ones.

        Raises:
            ModelError: when there is no adapter, or when the encoder gives no single vector.
        """
        flat = single(self.encoder, documents, engine)
        first = flat if self.first is None else self.first.build(documents, engine)
        return AdapterRerankedIndex(flat, first, self)

    def moderated(self, scores: Floats, chances: Floats) -> Floats:
        """Scores by which results are put in order, of what the index and the adapter say.

        Example:
            >>> index = AdapterReranked("adapter", power=2.0)
            >>> told = index.moderated(np.float32([0.6, -0.5]), np.float32([0.9, 0.1]))
            >>> [round(score, 3) for score in told.tolist()]
            [0.486, -0.5]
        """
        weighed = scores * chances**self.power
        return np.where(scores > 0, weighed, scores).astype(np.float32)


class AdapterRerankedIndex(RerankedIndex):
    """Documents that an adapter moves among the first ones; use `AdapterReranked.build`."""

    def __init__(self, flat: FlatIndex, first: Index, told: AdapterReranked) -> None:
        from acclimate.models.error_adapter import opened

        self.flat = flat
        self.first = first
        self.told = told
        self.depth = told.depth
        self.adapter = opened(Path(told.adapter))

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents."""
        line, place = np.nonzero(among >= 0)
        scores: Floats = np.full(among.shape, -np.inf, dtype=np.float32)
        asked_ND = self.flat.asked(queries)[line]
        documents_ND = np.asarray(self.flat.vectors[among[line, place]], dtype=np.float32)
        base = self.first.rate(queries, among).scores[line, place]
        chances = self.adapter.relevance(asked_ND, documents_ND)
        scores[line, place] = self.told.moderated(base, chances)
        return Hits(among.astype(np.int64), scores)
