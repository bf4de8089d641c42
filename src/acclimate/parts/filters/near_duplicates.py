"""NearDuplicates: of queries that are nearly the same, one."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._near import Sketches
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class NearDuplicates:
    """Queries without near-duplicates of an earlier one that was kept.

    Two texts are near-duplicates when the Jaccard similarity of their runs of four characters
    reaches the threshold. MinHash sketches propose pairs (a pair at the threshold is missed at
    most once in a hundred times) and each is checked exactly: none below the threshold is
    dropped.

    Paper:   Broder, On the Resemblance and Containment of Documents, SEQUENCES 1997.
    Code:    none followed (datasketch takes text by text).
    Differs: nothing known.
    Cost:    60 hashes per character; a million short queries take minutes on one core.

    Args:
        threshold: Jaccard similarity, above 0 and up to 1.

    Returns:
        The queries kept, in their order.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([{"query_id": i, "text": t, "split": "train"} for i, t in (
        ...     ("a", "how do I mend a bicycle tyre"), ("b", "how do I mend a bicycle tyre now"),
        ...     ("c", "how do bees make honey"))])
        >>> NearDuplicates(threshold=0.8)(queries, Context())["query_id"]
        ['a', 'c']
    """

    threshold: float = 0.8

    def __post_init__(self) -> None:
        """Refuse a threshold that nothing or everything reaches."""
        if not 0 < self.threshold <= 1:
            raise RecipeError(
                f"NearDuplicates(threshold={self.threshold}): a Jaccard similarity "
                "lies above 0 and up to 1. Give 0.8 for queries that differ by a "
                "word."
            )

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep the first of each group."""
        repeated = Sketches(queries["text"], self.threshold).repeated()
        ctx.note("dropped", {"near-duplicate of an earlier query": int(repeated.sum())})
        return queries.keep(~repeated)
