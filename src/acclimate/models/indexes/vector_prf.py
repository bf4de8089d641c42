"""VectorPRF: a query moves towards the first documents that were found for it.

Shapes: Q queries, K documents found, D dimensions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.flat import Flat, FlatIndex
from acclimate.models.ref import Encoder, Floats, Index, Ref


@dataclass(frozen=True)
class VectorPRF:
    """Exact search with the mean of a query's vector and those of its first documents.

    Nobody says that they are relevant (pseudo-relevance feedback); mostly they are near what is.
    "average" is the mean of query and documents, all alike; "rocchio" is alpha times the query and
    beta times the mean of the documents. What finds them may be any index: give `Interpolated`
    there to add words before the feedback, and stand `Interpolated` on this one to add them after.

    Rows: [111].

    Paper:   To Interpolate or not to Interpolate: PRF, Dense and Sparse Retrievers, 2022.
             https://arxiv.org/abs/2205.00235
    Code:    castorini/pyserini, _prf.py.
    Differs: nothing known.
    Cost:    a search that finds the documents, and one more with the new vector.

    Args:
        encoder: turns texts into vectors, one each.
        first: finds the documents, an index as a value. None: exact search with `encoder`.
        documents: how many the query moves to. 0: it stays.
        mode: how they are added.
        alpha: weight of the query in "rocchio".
        beta: weight of the documents in "rocchio".
    """

    encoder: Ref[Encoder] = field(default_factory=Dense)
    first: Any = None
    documents: int = 3
    mode: Literal["average", "rocchio"] = "average"
    alpha: float = 0.4
    beta: float = 0.6

    def __post_init__(self) -> None:
        """Refuse fewer documents than none."""
        if self.documents < 0:
            raise ModelError(f"VectorPRF(documents={self.documents}): give 0 or more.")

    def fingerprint(self) -> str:
        """Hash of the encoder, of what finds the documents, and of the settings."""
        first = "" if self.first is None else self.first.fingerprint()
        told = (self.encoder.fingerprint(), first, self.documents, self.mode, self.alpha, self.beta)
        return hashlib.sha256(f"vector prf {told}".encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> VectorPRFIndex:
        """Encode the documents, and build what finds the first ones.

        Raises:
            ModelError: when the encoder gives no single vector.
        """
        flat = single(self.encoder, documents, engine)
        first = flat if self.first is None else self.first.build(documents, engine)
        return VectorPRFIndex(flat, first, self)

    def moved(self, query_D: Floats, found_KD: Floats) -> Floats:
        """The new vector of a query, (D,).

        Example:
            >>> query, found = np.float32([1, 0]), np.float32([[0, 1], [1, 1]])
            >>> VectorPRF(mode="rocchio").moved(query, found).round(2)
            array([0.7, 0.6], dtype=float32)
        """
        if not len(found_KD):
            return query_D
        mean_D = found_KD.mean(axis=0)
        if self.mode == "rocchio":
            moved_D = self.alpha * query_D + self.beta * mean_D
        else:
            moved_D = (query_D + len(found_KD) * mean_D) / (1 + len(found_KD))
        return np.asarray(moved_D, dtype=np.float32)


class VectorPRFIndex(FlatIndex):
    """Document vectors that are searched with moved queries; use `VectorPRF.build`."""

    def __init__(self, flat: FlatIndex, first: Index, told: VectorPRF) -> None:
        super().__init__(flat.encoder, flat.vectors, flat.engine)
        self.first = first
        self.told = told

    def asked(self, queries: Sequence[str]) -> Floats:
        """The vectors that are searched with, (Q, D) float32."""
        own = np.asarray(super().asked(queries))
        if not self.told.documents or not len(queries):
            return own
        found = self.first.search(queries, self.told.documents).positions
        vectors = [np.asarray(self.vectors[rows[rows >= 0]]) for rows in found]
        moved = [self.told.moved(*pair) for pair in zip(own, vectors, strict=True)]
        return np.asarray(moved, dtype=np.float32)


def single(encoder: Ref[Encoder], documents: Sequence[str], engine: Encodes) -> FlatIndex:
    """Documents as one vector each.

    Raises:
        ModelError: when the encoder gives no single vector.
    """
    flat = Flat(encoder).build(documents, engine)
    if not isinstance(flat, FlatIndex):
        raise ModelError(
            f"{type(encoder).__name__} gives no single vector of a text, so that there is none to "
            "move. Give encoders.Dense."
        )
    return flat
