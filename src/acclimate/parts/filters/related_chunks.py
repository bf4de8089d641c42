"""RelatedChunks: pieces of one document, and pieces that share words, are numbered together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models import indexes
from acclimate.models.ref import Integers
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class RelatedChunks:
    """Training queries in topics of `size`: of a piece, of its neighbours, and of pieces like it.

    Pieces of one document are each other's hardest negatives, and so are pieces that share rare
    words; in a batch drawn at random they hardly ever meet. A topic begins with a piece drawn at
    random and goes on with those around it in its document, then with those BM25 finds for it. One
    that is not full by then goes on with another piece, so that only the last is smaller.
    `loops.Fit` takes a topic as a batch when its batches have this size.

    Rows: [009].

    Paper:   Revela: Dense Retriever Learning via Language Modeling, ICLR 2026 (its batches).
             https://arxiv.org/abs/2506.16552
    Code:    none followed.
    Differs: batches alone: the paper's language model, whose pieces attend to one another by the
             retriever's weights, is not here. Queries stand for the pieces they were written from.
    Cost:    one search by words for each piece with a query.

    Args:
        size: queries of a topic. Paper: 16.
        depth: pieces that BM25 finds for one.
        index: the lexical index and its settings.

    Returns:
        The queries, order kept, with their topics. Held-out queries, and those without a source,
        have none.

    Example:
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> ctx = Context(engine=FakeEngine())
        >>> told = RelatedChunks(size=4)(toys.CORPUS, toys.WRITTEN, ctx)["topic"]
        >>> sorted(told) == [0] * 4 + [1] * 4 + [2] * 4
        True
    """

    size: int = 16
    depth: int = 50
    index: indexes.BM25 = indexes.BM25()  # noqa: RUF009 (a frozen value)

    def __post_init__(self) -> None:
        """Refuse topics of nothing."""
        if min(self.size, self.depth) < 1:
            raise RecipeError(f"{self!r}: give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Number the topics."""
        source, ids = sources(corpus, queries), queries["query_id"]
        train = np.asarray([split == "train" for split in queries["split"]], dtype=bool)
        rows = np.flatnonzero(train & (source >= 0))
        topic = np.full(len(queries), -1, dtype=np.int32)
        if len(rows):
            order = np.argsort(hashes([ids[r] for r in rows], salt(ctx, self)), kind="stable")
            around = beside(source[rows], families(corpus)[source[rows]], self.size)
            alike = self._alike(corpus, source[rows], ctx)
            topic[rows] = gathered(order, lambda seed: (*around(seed), *alike(seed)), self.size)
        ctx.note("topics", int(topic.max(initial=-1)) + 1)
        place = queries.rows.schema.get_field_index("topic")
        column = pa.array(topic, mask=topic < 0, type=pa.int32())
        return Queries(queries.rows.set_column(place, "topic", column))

    def _alike(
        self, corpus: Corpus, source: Integers, ctx: Context
    ) -> Callable[[int], Iterable[int]]:
        """Of a query, those whose piece BM25 finds for its own, best first."""
        contents = corpus.contents
        pieces, piece_of = np.unique(source, return_inverse=True)
        texts = [contents[piece] for piece in pieces.tolist()]
        hits = ctx.engine.search(
            self.index, texts, texts, depth=min(self.depth + 1, len(texts))
        ).positions
        order = np.argsort(piece_of, kind="stable")
        starts = np.searchsorted(piece_of[order], np.arange(len(pieces) + 1))

        def found(seed: int) -> Iterable[int]:
            for piece in hits[piece_of[seed]].tolist():
                if piece >= 0:
                    yield from order[starts[piece] : starts[piece + 1]].tolist()

        return found


def families(corpus: Corpus) -> Integers:
    """A number for each document, (D,): pieces of one parent have the same."""
    ids, parents = corpus["doc_id"], corpus["parent_id"]
    names = [(bool(parent), parent or own) for own, parent in zip(ids, parents, strict=True)]
    codes: dict[tuple[bool, str], int] = {}
    return np.asarray([codes.setdefault(name, len(codes)) for name in names], dtype=np.int64)


def beside(source: Integers, family: Integers, reach: int) -> Callable[[int], Iterable[int]]:
    """Of a query, those whose pieces stand around its own in one document, the nearest first.

    Args:
        source: row of each query's piece, (N,): pieces of one document stand in its order.
        family: the document of each piece, (N,).
        reach: how many on each side.
    """
    order = np.lexsort((source, family))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))

    def found(seed: int) -> Iterable[int]:
        at = int(place[seed])
        near = order[max(0, at - reach) : at + reach + 1]
        near = near[family[near] == family[seed]]
        nearest = np.argsort(np.abs(source[near] - source[seed]), kind="stable")
        return list(near[nearest].tolist())

    return found


def gathered(order: Integers, related: Callable[[int], Iterable[int]], size: int) -> Integers:
    """The topic of each of N queries, (N,); all but the last have `size`.

    Args:
        order: of chance, (N,): the first without a topic is the next to be gathered around.
        related: those that belong to one, nearest first; itself and those taken do no harm.
        size: members of a topic.
    """
    topics = np.full(len(order), -1, dtype=np.int64)
    taken = 0
    for seed in order.tolist():
        if topics[seed] >= 0:
            continue
        for member in (seed, *related(seed)):
            if topics[member] < 0:
                topics[member] = taken // size
                taken += 1
                if taken % size == 0:
                    break
    return topics
