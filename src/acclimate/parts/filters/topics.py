"""Topics: queries that ask of like things are numbered together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class Topics:
    """Training queries in topics of `size`: a query and its nearest neighbours by base vector.

    Queries of one topic share documents that are hard to tell apart: `miners.Topical` lets each
    be judged with the documents of all, and `loops.Fit` takes a topic as a batch, so that a
    document that is encoded once teaches every query of the batch. Neighbours are sought among
    `among` queries drawn at random that have no topic yet, so topics are near but not the same
    each time. Held-out queries have none.

    Rows: [019].

    Paper:   Hofstätter, Lin, Yang, Lin, Hanbury, Efficiently Teaching an Effective Dense
             Retriever with Balanced Topic Aware Sampling (TAS-B), SIGIR 2021, section 3.
             https://arxiv.org/abs/2104.06967
    Code:    sebastian-hofstaetter/tas-balanced-dense-retrieval.
    Differs: neighbours of a random query instead of k-means clusters, so that all topics have
             one size and none needs to be sampled within.
    Cost:    one vector per query; `among` dot products per topic.

    Args:
        size: queries of a topic; the last one may have fewer.
        among: how many queries to seek neighbours in.

    Returns:
        The queries, order kept, with their topics.

    Example:
        >>> from acclimate.models.encoders.dense import Dense
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> ctx = Context(engine=FakeEngine())
        >>> told = Topics(size=4)(toys.WRITTEN, Student(encoder=Dense()), ctx)["topic"]
        >>> sorted(told) == [0] * 4 + [1] * 4 + [2] * 4
        True
    """

    size: int = 16
    among: int = 1_000

    def __post_init__(self) -> None:
        """Refuse topics of nothing."""
        if min(self.size, self.among) < 1:
            raise RecipeError(f"{self!r}: give 1 or more.")

    def __call__(self, queries: Queries, student: Student, ctx: Context) -> Queries:
        """Number the topics."""
        rows = np.flatnonzero([split == "train" for split in queries["split"]])
        topic = np.full(len(queries), -1, dtype=np.int32)
        if len(rows):
            texts, ids = queries["text"], queries["query_id"]
            vectors = ctx.engine.encode(student.start, [texts[r] for r in rows], kind="query")
            luck = hashes([ids[r] for r in rows], salt(ctx, self))
            order = np.argsort(luck, kind="stable")
            topic[rows] = neighbourhoods(np.asarray(vectors), order, self.size, self.among)
        ctx.note("topics", int(topic.max(initial=-1)) + 1)
        place = queries.rows.schema.get_field_index("topic")
        column = pa.array(topic, mask=topic < 0, type=pa.int32())
        return Queries(queries.rows.set_column(place, "topic", column))


def neighbourhoods(vectors: Floats, order: Integers, size: int, among: int) -> Integers:
    """The topic of each of N vectors, (N,).

    Args:
        vectors: of length one, (N, D).
        order: of chance, (N,): the first without a topic begins the next one.
        size: members of a topic.
        among: how many of those that come first in the order may join.
    """
    topics = np.empty(len(order), dtype=np.int64)
    waiting, taken, number = order[:among], min(among, len(order)), 0
    while len(waiting):
        near = vectors[waiting] @ vectors[waiting[0]]
        near[0] = np.inf
        members = np.argsort(-near, kind="stable")[:size]
        topics[waiting[members]] = number
        number += 1
        waiting = np.concatenate([np.delete(waiting, members), order[taken : taken + len(members)]])
        taken += len(members)
    return topics
