"""Ranked: the results of systems that are compared: BM25, encoders, and both together.

Shapes: Q queries, K results of a query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acclimate.engines.engine import Engine, IndexRef
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.indexes.flat import Flat, FlatIndex
from acclimate.models.indexes.ranking import ordered, union
from acclimate.models.indexes.reranked import DEPTH, Reranked
from acclimate.models.ref import Encoder, Floats, Hits, Integers, Ref
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.part import Context

LEXICAL = "BM25"
HYBRID = "+BM25"
"""What the name of an encoder gets when BM25 is fused with it."""


@dataclass(frozen=True)
class Towers:
    """Exact search by the dot product of one encoder's queries and another's documents.

    Args:
        queries: encodes queries.
        documents: encodes documents.
    """

    queries: Ref[Encoder]
    documents: Ref[Encoder]

    def fingerprint(self) -> str:
        """Hash of both fingerprints."""
        both = f"towers {self.queries.fingerprint()} {self.documents.fingerprint()}"
        return hashlib.sha256(both.encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Engine) -> FlatIndex:
        """Encode the documents."""
        vectors = engine.encode(self.documents, documents, kind="document")
        return FlatIndex(self.queries, vectors, engine)


def index_of(student: Student, *, read: int = DEPTH) -> IndexRef:
    """How a student searches.

    Where its documents never change, they are those of its stem. A reranker reads what the model
    finds that it was made from, or what BM25 finds.

    Args:
        student: which.
        read: documents of a query that a reranker reads.
    """
    if student.shape is not None and student.shape.documents_frozen:
        return Towers(student.encoder, student.stands_on)
    if isinstance(student.encoder, CrossEncoder):
        first = Flat(student.start) if reranks(student) else BM25()
        return Reranked(student.encoder, first=first, depth=read)
    return Flat(student.encoder)


def reranks(student: Student) -> bool:
    """Whether a student reads what its start finds."""
    made = isinstance(student.encoder, CrossEncoder)
    return made and not isinstance(student.start, CrossEncoder)


def systems_of(student: Student) -> dict[str, IndexRef]:
    """What a student is compared with: where it started, and itself where it has learned."""
    systems: dict[str, IndexRef] = {"base": Flat(student.start)}
    if student.encoder != student.start:
        systems["adapted"] = index_of(student)
    return systems


def rank(
    documents: Sequence[str],
    queries: Sequence[str],
    systems: Mapping[str, IndexRef | Ref[Encoder]],
    ctx: Context,
    *,
    depth: int = 100,
) -> dict[str, Hits]:
    """Results of BM25, of each system, and of each with BM25, best first.

    Args:
        documents: texts that can be found.
        queries: texts that are asked.
        systems: by name; an encoder stands for exact search with its vectors.
        ctx: its engine searches.
        depth: results of each, and what each gives to the pool of a hybrid.
    """
    depth = max(1, min(depth, len(documents)))
    words = ctx.engine.search(BM25(), documents, queries, depth=depth)
    results = {LEXICAL: words}
    for name, system in systems.items():
        index = Flat(system) if isinstance(system, Ref) else system
        own = ctx.engine.search(index, documents, queries, depth=depth)
        pool = union([words.positions, own.positions])
        both = [
            shares(ctx.engine.search(i, documents, queries, among=pool).scores, pool)
            for i in (BM25(), index)
        ]
        results[name] = own
        results[name + HYBRID] = ordered(pool, both[0] + both[1], depth)
    return results


def shares(scores: Floats, pool: Integers) -> Floats:
    """Scores from 0 (a query's lowest) to 1 (its highest); 0 where all are the same."""
    there = (pool >= 0) & np.isfinite(scores)
    low = np.where(there, scores, np.inf).min(axis=1, keepdims=True)
    high = np.where(there, scores, -np.inf).max(axis=1, keepdims=True)
    wide = there & (high > low)
    spread = np.where(high > low, high - low, 1.0)
    lifted = np.where(wide, scores, 0.0) - np.where(wide, low, 0.0)
    return np.asarray(lifted / spread, dtype=np.float32)
