"""TeacherThreshold: queries whose document a teacher finds relevant enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class TeacherThreshold:
    """Queries whose source document the teacher values at `at_least` or more.

    For weak pairs of many sources and a teacher whose values mean the same for all queries, as
    those of a cross-encoder do: what it does not hold to belong together is dropped, whatever else
    there is. Where values differ from query to query, `TeacherTop1` compares within a query.

    Rows: [104].

    Paper:   SilverRetriever: Advancing Neural Passage Retrieval for Polish Question Answering,
             2023. https://arxiv.org/abs/2309.08469
    Code:    none followed.
    Differs: the threshold is not the paper's, which is not known here.
    Cost:    one pass over the labels.

    Args:
        at_least: in the teacher's units; 0 is even odds of a logit.

    Returns:
        The queries kept, in their order; those whose source no teacher rated stay. Of several
        teachers all must agree.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([
        ...     {"query_id": q, "text": q, "source_doc_id": "s", "split": "train"} for q in "abc"])
        >>> labels = Labels.of([
        ...     {"query_id": q, "doc_id": "s", "value": v, "teacher": "t"}
        ...     for q, v in (("a", 2.0), ("b", -1.0), ("c", 0.0))])
        >>> TeacherThreshold()(queries, labels, Context())["query_id"]
        ['a', 'c']
    """

    at_least: float = 0.0

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Queries:
        """Keep those whose source is relevant enough."""
        told = rated(queries, labels)
        poor = np.asarray((told.source < self.at_least).any(axis=1))  # NaN is below nothing
        ctx.note(
            "dropped", {f"the teacher values the source below {self.at_least:g}": int(poor.sum())}
        )
        return queries.keep(~poor)
