"""DiverseDocuments: the documents to write for, from every corner of the corpus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._codes import places_within
from acclimate.parts._hashing import Hashes, hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Corpus

_ROUNDS = 10
_LEARNT_FROM = 256
_BLOCK = 16_384
_SEEN = 500
_POINTS = 8


@dataclass(frozen=True, kw_only=True)
class DiverseDocuments:
    """At most so many documents, as many of each subject as of any other.

    Where writing a query costs money, the tenth document of one kind is worth less than the first
    of another. Vectors of the base model are put into clusters, and clusters take turns: each gives
    one document, drawn by its id, until there are enough. So a larger sample holds the smaller.

    The note "coverage" tells for growing samples how near a document of the corpus is to the
    nearest drawn one, beside an even draw of the same size: where the curve is flat, more documents
    say little that is new.

    Origin: own; clusters that take turns are stratified sampling. By softmax: Chandradevan, Dhole,
            Agichtein, DUQGen, NAACL 2024. https://arxiv.org/abs/2404.02489
    Code:   emory-irlab/DUQGen, sample_target_collection_documents.py.
    Differs: DUQGen gives a cluster turns in proportion to its size, where it wants more documents
            than it has clusters; its maximal marginal relevance is left out.
    Cost:   one vector per document, and `clusters` dot products for each.

    Args:
        at_most: documents that stay.
        clusters: of the corpus; fewer where it is small. DUQGen: 1,000.
        temperature: of the draw within a cluster. None: all are as likely. DUQGen: 1.

    Returns:
        The documents drawn, order kept.

    Example:
        >>> from acclimate.models.encoders.dense import Dense
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> ctx = Context(engine=FakeEngine())
        >>> len(DiverseDocuments(at_most=5)(toys.CORPUS, Student(encoder=Dense()), ctx))
        5
    """

    at_most: int = 10_000
    clusters: int = 100
    temperature: float | None = None

    def __post_init__(self) -> None:
        """Refuse an empty corpus."""
        if min(self.at_most, self.clusters) < 1:
            raise RecipeError(f"{self!r}: give 1 or more.")
        if self.temperature is not None and self.temperature <= 0:
            raise RecipeError(f"{self!r}: a temperature divides and must be above 0.")

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Corpus:
        """Draw the documents."""
        ctx.note("dropped", {"not drawn": max(0, len(corpus) - self.at_most)})
        if len(corpus) <= self.at_most:
            return corpus
        vectors = np.asarray(ctx.engine.encode(student.start, corpus.contents, kind="document"))
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        vectors = (vectors / lengths).astype(np.float32)
        drawn_by = hashes(corpus["doc_id"], salt(ctx, type(self).__name__))
        luck = even = np.argsort(drawn_by, kind="stable")
        group = grouped(vectors, even, self.clusters)
        if self.temperature is not None:
            luck = nearer_first(vectors, group, drawn_by, self.temperature)
        turns = luck[np.argsort(places_within(group, _together(group, luck))[luck], kind="stable")]
        drawn = turns[: self.at_most]
        ctx.note("coverage", coverage(vectors, drawn, even))
        return corpus.take(np.sort(drawn))


def grouped(vectors: Floats, order: Integers, count: int) -> Integers:
    """The cluster of each of N vectors of length one, (N,): k-means by cosine.

    Args:
        vectors: (N, D).
        order: of chance, (N,): the first ones are where clusters begin, and learn them.
        count: of clusters.
    """
    learn = vectors[order[: count * _LEARNT_FROM]]
    centres = learn[:count].copy()
    for _ in range(_ROUNDS):
        nearest = _nearest(learn, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, learn)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres)
    return _nearest(vectors, centres)


def nearer_first(
    vectors: Floats, group: Integers, drawn_by: Hashes, temperature: float
) -> Integers:
    """Rows in an order in which each is next of its cluster by softmax(cosine to its centre / T).

    Gumbel noise on the logits draws without replacement.

    Args:
        vectors: of length one, (N, D).
        group: the cluster of each, (N,).
        drawn_by: a uniform number for each, (N,).
        temperature: T.
    """
    centres = np.zeros((int(group.max()) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(centres, group, vectors)
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    near = np.einsum("nd,nd->n", vectors, centres[group]) / temperature
    uniform = (drawn_by.astype(np.float64) + 0.5) / 2.0**64
    return np.argsort(-(near - np.log(-np.log(uniform))), kind="stable")


def coverage(vectors: Floats, drawn: Integers, order: Integers) -> dict[str, list[float]]:
    """How near documents are to the nearest drawn one, in the mean, for growing samples.

    Args:
        vectors: of length one, (N, D).
        drawn: rows drawn, in their order.
        order: of chance: the last ones are looked at, the first ones are an even draw.
    """
    seen = vectors[order[-_SEEN:]]
    sizes = np.unique(np.linspace(1, len(drawn), _POINTS).round().astype(int)).tolist()
    near = {"diverse": drawn, "even": order[: len(drawn)]}
    curve = {name: _reached(seen, vectors, rows, sizes) for name, rows in near.items()}
    return {"documents": [float(size) for size in sizes], **curve}


def _reached(seen: Floats, vectors: Floats, rows: Integers, sizes: list[int]) -> list[float]:
    best = np.full(len(seen), -1.0, dtype=np.float32)
    means, start = [], 0
    for size in sizes:
        for block in range(start, size, _BLOCK):
            stretch = vectors[rows[block : min(block + _BLOCK, size)]]
            best = np.maximum(best, (seen @ stretch.T).max(axis=1))
        means.append(round(float(best.mean()), 4))
        start = size
    return means


def _nearest(vectors: Floats, centres: Floats) -> Integers:
    """The centre each vector is nearest to, (N,)."""
    blocks = [
        (vectors[start : start + _BLOCK] @ centres.T).argmax(axis=1)
        for start in range(0, len(vectors), _BLOCK)
    ]
    return np.concatenate(blocks).astype(np.int64)


def _together(group: Integers, order: Integers) -> Integers:
    """The rows in order, those of one cluster together."""
    return order[np.argsort(group[order], kind="stable")]
