"""Frequency: no document asked for again and again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._codes import looked_up, places_within
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """At most so many queries of one source document, drawn evenly.

    Logs and records ask for a few documents most of the time: without a bound the student learns
    those by heart and little of the others. A query of a document that has f of them stays with
    probability min(1, at_most / f). Which stay depends on their ids alone, so that filtering
    twice changes nothing.

    Rows: [103].

    Paper:   Multi-task retriever fine-tuning for domain-specific and efficient RAG, 2025.
             https://arxiv.org/abs/2501.04652
    Code:    none followed.
    Differs: exactly `at_most` stay, where each would be drawn for itself.
    Cost:    one sort of the queries.

    Args:
        at_most: queries of a document that stay.

    Returns:
        The queries kept, in their order; those without a source document stay.
    """

    at_most: int = 10

    def __post_init__(self) -> None:
        """Refuse to keep nothing."""
        if self.at_most < 1:
            raise RecipeError(f"Frequency(at_most={self.at_most}) keeps nothing. Give 1 or more.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Draw the queries."""
        names = queries["source_doc_id"]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        source = looked_up(names, numbers)
        luck = hashes(queries["query_id"], salt(ctx, self))
        place = places_within(source, np.lexsort((luck, source)))
        kept = (place < self.at_most) | (source == numbers.get(None, -1))
        ctx.note("dropped", {"of a document asked for often": int((~kept).sum())})
        return queries.keep(kept)
