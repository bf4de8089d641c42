"""ExactDuplicates: each wording once."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class ExactDuplicates:
    """Queries without those whose words an earlier query has already.

    Capitals, punctuation and spaces do not count. Two documents that gave one query are both
    right answers to it, so keeping both would make each a wrong answer to the other.

    Origin: folklore.
    Code:   none published.
    Differs: nothing known.
    Cost:   one pass over the queries.

    Returns:
        The first query of each wording, order kept. Queries without a letter or digit go.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([{"query_id": i, "text": t, "split": "train"} for i, t in (
        ...     ("a", "Mend a tyre?"), ("b", "mend a tyre"), ("c", "mend tyres"))])
        >>> ExactDuplicates()(queries, Context())["query_id"]
        ['a', 'c']
    """

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep the first of each."""
        first: dict[str, int] = {}
        for row, text in enumerate(queries["text"]):
            first.setdefault(normal(text), row)
        first.pop("", None)
        kept = queries.take(sorted(first.values()))
        ctx.note("dropped", {"same words as an earlier query": len(queries) - len(kept)})
        return kept
