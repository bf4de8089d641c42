"""FalseNegatives: candidates a teacher finds about as relevant as the source document."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._bars import ROUNDING, check_bars, lowest_bar
from acclimate.parts._codes import coded, looked_up
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class FalseNegatives:
    """Labels without those of candidates that come too close to the source document's.

    With s⁺ the source's value, a candidate of value s stays when s ≤ bar:
        percent p:  bar = s⁺ − |s⁺| · (1 − p)     ("TopK-PercPos")
        margin m:   bar = s⁺ − m                  ("TopK-MarginPos")
        at_most a:  bar = a                       ("TopK-Abs")
    The lowest of the bars given counts. Values are compared within one teacher.

    Rows: [011].

    Paper:   Moreira et al., NV-Retriever: Improving text embedding models with effective
             hard-negative mining, 2024, section 3. https://arxiv.org/abs/2407.15831
    Code:    none followed. sentence-transformers' mine_hard_negatives(relative_margin=) drops
             s > s⁺ · (1 − m), whose bar lies above a negative s⁺.
    Differs: the distance is a share of |s⁺|, so that raw logits below 0 work; on teacher scores
             and not on the miner's.
    Cost:    one pass over the labels.

    Args:
        percent: share of the source's value that a candidate may reach, 0…1. Paper: 0.95.
        margin: how far a candidate must stay below the source, in the teacher's units.
            Paper: 0.05 (of cosines).
        at_most: value no candidate may exceed, in the teacher's units. Paper: 0.7 (of cosines).

    Returns:
        The labels kept, in their order; the source's always. A query without a source document,
        or whose source the teacher did not rate, keeps all that `at_most` lets stay.

    Example:
        >>> from acclimate.parts.part import Context
        >>> queries = Queries.of([
        ...     {"query_id": "q", "text": "?", "source_doc_id": "s", "split": "train"}])
        >>> labels = Labels.of([
        ...     {"query_id": "q", "doc_id": d, "value": v, "teacher": "t"}
        ...     for d, v in (("s", 0.8), ("a", 0.79), ("b", 0.77), ("c", 0.755), ("d", 0.6))])
        >>> FalseNegatives(percent=0.95)(queries, labels, Context())["doc_id"]  # bar 0.76
        ['s', 'c', 'd']
    """

    percent: float | None = 0.95
    margin: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        """Refuse to have no bar, or one above the source."""
        check_bars(self)

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Labels:
        """Keep the labels below the bar."""
        query, query_ids = coded(labels, "query_id")
        document, doc_ids = coded(labels, "doc_id")
        teacher, teachers = coded(labels, "teacher")
        source_of = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
        code_of = {doc_id: code for code, doc_id in enumerate(doc_ids)}
        own_document = looked_up([source_of.get(q) for q in query_ids], code_of)
        is_source = document == own_document[query]
        values = labels.array("value").astype(np.float64)
        source = np.full((len(query_ids), len(teachers)), np.inf)
        source[query[is_source], teacher[is_source]] = values[is_source]
        kept = is_source | (values <= lowest_bar(self, source[query, teacher]) + ROUNDING)
        ctx.note("dropped", {"as relevant as the source, or nearly": int((~kept).sum())})
        unrated = ~np.isfinite(source).any(axis=1)
        ctx.note("queries without a rated source", int(unrated.sum()))
        return labels.keep(kept)
