"""TeacherTop1: queries whose source document is the teacher's first choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class TeacherTop1:
    """Queries for which the teacher values no candidate above the source document.

    Where it prefers another document, the query is about something else than its document, or
    the teacher is wrong: either way its list teaches less that is true. Put it behind the
    labeller, over all candidates that a search brought.

    Rows: [085].

    Paper:   Tamber et al., Teaching Dense Retrieval Models to Specialize with Listwise
             Distillation and LLM Data Augmentation, 2025. https://arxiv.org/abs/2502.19712
    Code:    manveertamber/enhancing_domain_adaptation.
    Differs: nothing known.
    Cost:    one pass over the labels.

    Returns:
        The queries kept, in their order; those that share the first place stay, and those whose
        source no teacher rated.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([
        ...     {"query_id": q, "text": q, "source_doc_id": "s", "split": "train"} for q in "ab"])
        >>> labels = Labels.of([
        ...     {"query_id": q, "doc_id": d, "value": v, "teacher": "t"}
        ...     for q, d, v in (("a", "s", 2), ("a", "d", 1), ("b", "s", 1), ("b", "d", 2))])
        >>> TeacherTop1()(queries, labels, Context())["query_id"]
        ['a']
    """

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Queries:
        """Keep those whose source is first."""
        told = rated(queries, labels)
        outdone = np.asarray((told.best > told.source).any(axis=1))  # nothing is above NaN
        ctx.note("dropped", {"the teacher prefers another document": int(outdone.sum())})
        return queries.keep(~outdone)
