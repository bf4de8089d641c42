"""WithoutSource: the document a query was written from does not compete."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts.part import Context
from acclimate.tables import Candidates


@dataclass(frozen=True, kw_only=True)
class WithoutSource:
    """Candidates without the document their query was written from.

    A query taken from a document shares its very words, so every teacher puts that document
    first, and the student learns to find copies. Without it the teacher must tell the other
    documents apart by what they have in part, as it must for a query of a person. Use it where
    queries are pieces of documents and labels are soft; not where the source is the only
    positive.

    Rows: [017], [020].

    Origin: own, measured: docs/log.md. [017] ART leaves the source passage out likewise.
    Code:   none published.
    Differs: nothing known.
    Cost:   one pass over the candidates.

    Returns:
        The candidates kept, rows and order unchanged.

    Example:
        >>> found = Candidates.of([
        ...     {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "a",
        ...      "miner": "m"} for r, d in enumerate(("a", "b", "c"), 1)])
        >>> WithoutSource()(found, Context())["doc_id"]
        ['b', 'c']
    """

    def __call__(self, candidates: Candidates, ctx: Context) -> Candidates:
        """Drop the source documents."""
        is_source = candidates.array("is_source").astype(bool)
        ctx.note("dropped", {"the document the query was written from": int(is_source.sum())})
        return candidates.keep(~is_source)
