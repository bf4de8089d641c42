"""SamePool: a table competes with tables, a field with fields."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._records import record_of
from acclimate.parts._sources import same_as_source
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SamePool:
    """Candidates of the source document's own sort: what the task of its query chooses among.

    Where one corpus holds tables, fields and steps, a request for a table is never answered by a
    step: a student that tells them apart has learned the task from its words, and nothing of
    tables. A document's pool is the value of one of its fields or, where none is named, the names
    of its fields; documents that are no records are one pool.

    Rows: [103].

    Paper:   Multi-task retriever fine-tuning for domain-specific and efficient RAG, 2025.
             https://arxiv.org/abs/2501.04652
    Code:    none followed.
    Differs: pools are told by the records themselves, where the paper has one for each task.
    Cost:    one pass over the documents and the candidates.

    Args:
        field: whose value is the pool, as "type". None: the names of all fields.

    Returns:
        The candidates kept, rows and order unchanged; all of a query without a source document.

    Example:
        >>> import json
        >>> corpus = Corpus.of(
        ...     {"doc_id": d, "title": "", "text": d, "meta": json.dumps({"type": t})}
        ...     for d, t in (("a", "table"), ("b", "table"), ("c", "step")))
        >>> queries = Queries.of([
        ...     {"query_id": "q", "text": "a", "source_doc_id": "a", "split": "train"}])
        >>> found = Candidates.of([
        ...     {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "a",
        ...      "miner": "m"} for r, d in enumerate("abc", 1)])
        >>> SamePool(field="type")(corpus, queries, found, Context())["doc_id"]
        ['a', 'b']
    """

    field: str | None = None

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Candidates:
        """Drop those of other pools."""
        pools: dict[tuple[str, ...], int] = {}
        rows = zip(corpus["meta"], corpus["text"], strict=True)
        pool = np.asarray([pools.setdefault(self._pool(*row), len(pools)) for row in rows])
        asked = zip(queries["query_id"], queries["source_doc_id"], strict=True)
        written = {name for name, source in asked if source is not None}
        of_known = np.asarray([name in written for name in candidates["query_id"]], dtype=bool)
        others = of_known & ~same_as_source(corpus, queries, candidates, pool)
        ctx.note("pools", len(pools))
        ctx.note("dropped", {"of another pool than the source": int(others.sum())})
        return candidates.keep(~others)

    def _pool(self, meta: str | None, text: str) -> tuple[str, ...]:
        fields = {name.casefold(): value for name, value in record_of(meta, text)}
        if self.field is not None:
            return (fields.get(self.field.casefold(), ""),)
        return tuple(sorted(fields))
