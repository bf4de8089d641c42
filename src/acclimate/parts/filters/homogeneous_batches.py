"""HomogeneousBatches: every batch of queries is of one kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.parts._codes import places_within
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class HomogeneousBatches:
    """Training queries in topics of `size` that are all of one kind.

    Where titles, questions and sentences meet in a batch, a document of another kind of query is
    told apart by its kind, which teaches nothing. `loops.Fit` takes a topic as a batch when its
    batches have this size. What does not fill a batch is left out, of each kind fewer than `size`.

    Rows: [075], [110].

    Paper:   Zhang et al., Retrieve Anything To Augment Large Language Models (LLM-Embedder), 2023.
             https://arxiv.org/abs/2310.07554; batches of one task: Maillard et al., Multi-task
             Retrieval for Knowledge-Intensive Tasks, ACL 2021. https://arxiv.org/abs/2101.00117
    Code:    FlagOpen/FlagEmbedding, research/llm_embedder.
    Differs: kinds of queries over one corpus for tasks with one of their own.
    Cost:    a sort of the queries.

    Args:
        size: queries of a topic: the batch of the loop.

    Returns:
        The queries kept, order kept, with their topics; those held out have none.

    Example:
        >>> queries = Queries.of(
        ...     {"query_id": f"q{n}", "text": "?", "kind": "ab"[n % 2], "split": "train"}
        ...     for n in range(7))
        >>> told = HomogeneousBatches(size=3)(queries, Context())
        >>> sorted(zip(told["kind"], told["topic"]))
        [('a', 0), ('a', 0), ('a', 0), ('b', 1), ('b', 1), ('b', 1)]
    """

    size: int = 16

    def __post_init__(self) -> None:
        """Refuse topics of nothing."""
        if self.size < 1:
            raise RecipeError(f"HomogeneousBatches(size={self.size}): give 1 or more.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Number the topics, and leave out what fills none."""
        train = np.asarray([split == "train" for split in queries["split"]], dtype=bool)
        names = [
            (split == "train", k)
            for split, k in zip(queries["split"], queries["kind"], strict=True)
        ]
        codes: dict[tuple[bool, str | None], int] = {}
        kind = np.asarray([codes.setdefault(n, len(codes)) for n in names], dtype=np.int64)
        luck = hashes(queries["query_id"], salt(ctx, self))
        place = places_within(kind, np.lexsort((luck, kind)))
        full = np.bincount(kind) // self.size * self.size
        filled = train & (place < full[kind])
        _, number = np.unique(
            kind[filled] * max(1, len(queries)) + place[filled] // self.size, return_inverse=True
        )
        topic = np.full(len(queries), -1, dtype=np.int32)
        topic[filled] = number
        ctx.note("dropped", {"of a kind that fills no further batch": int((train & ~filled).sum())})
        ctx.note("topics", int(topic.max(initial=-1)) + 1)
        at = queries.rows.schema.get_field_index("topic")
        column = pa.array(topic, mask=topic < 0, type=pa.int32())
        return Queries(queries.rows.set_column(at, "topic", column)).keep(filled | ~train)
