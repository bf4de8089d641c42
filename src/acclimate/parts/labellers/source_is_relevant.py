"""SourceIsRelevant: the document a query was written from is relevant, the others are not."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels


@dataclass(frozen=True, kw_only=True)
class SourceIsRelevant:
    """Label 1 for the source document, 0 for every other candidate. No model is asked.

    Paper:   Ma, Korotkov, Yang, Hall, McDonald, Zero-shot Neural Passage Retrieval via
             Domain-targeted Synthetic Question Generation, EACL 2021.
             https://arxiv.org/abs/2004.14503
    Code:    UKPLab/gpl, gpl/toolkit/mnrl.py.
    Differs: candidates that other miners bring are labelled 0; the paper has other queries'
             documents only.
    Cost:    none.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    def __call__(self, candidates: Candidates, ctx: Context) -> Labels:
        """Label the candidates."""
        del ctx
        return Labels.columns(
            query_id=candidates.rows.column("query_id"),
            doc_id=candidates.rows.column("doc_id"),
            value=candidates.array("is_source").astype("float32"),
            teacher=["source"] * len(candidates),
        )
