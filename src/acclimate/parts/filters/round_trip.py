"""RoundTrip: queries that find the document they were written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.indexes import Flat
from acclimate.models.student import Student
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class RoundTrip:
    """Queries whose source document is among the first `depth` results of a search with them.

    A query that does not lead back to its document is likely too general, or about something
    else. Queries without a source document stay.

    Paper:   Dai et al., Promptagator: Few-shot Dense Retrieval From 8 Examples, ICLR 2023,
             section 3.2. https://arxiv.org/abs/2209.11755
    Code:    none published.
    Differs: any index, or the student where it began; by="student" is the paper's retriever, first
             trained on all queries, and leaves held-out queries alone: a student must not choose
             by what it is judged.
    Cost:    one search per query.

    Args:
        depth: how many results may come before it is given up. Paper: 1.
        index: what searches. None: the student.
        by: the student with its first weights, or as it is now. Paper: as it is now.

    Returns:
        The queries kept, in their order.

    Example:
        >>> from acclimate.models.student import Student
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex
        >>> ctx, student = Context(engine=FakeEngine()), Student(encoder=FakeEncoder())
        >>> len(RoundTrip(index=FakeIndex())(toys.CORPUS, toys.WRITTEN, student, ctx))
        12
    """

    depth: int = 1
    index: IndexRef | None = None
    by: Literal["start", "student"] = "start"

    def __post_init__(self) -> None:
        """Refuse a search for nothing."""
        if self.depth < 1:
            raise RecipeError(f"RoundTrip(depth={self.depth}) keeps nothing. Give 1 or more.")

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Queries:
        """Keep those that lead back."""
        own = sources(corpus, queries)
        asked = own >= 0
        if self.by == "student":
            asked &= np.array([split == "train" for split in queries["split"]], dtype=bool)
        rows = np.flatnonzero(asked)
        if not len(rows):
            return queries
        model = student.start if self.by == "start" else student.encoder
        index = self.index if self.index is not None else Flat(model)
        hits = ctx.engine.search(
            index, corpus.contents, queries.take(rows)["text"], depth=min(self.depth, len(corpus))
        )
        found = (hits.positions == own[rows][:, None]).any(axis=1)
        kept = np.ones(len(queries), dtype=bool)
        kept[rows] = found
        ctx.note("dropped", {f"source not in the first {self.depth}": int((~found).sum())})
        return queries.keep(kept)
