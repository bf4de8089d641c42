"""SourceIsRelevant: the document a query was written from is relevant, the others are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Labels


@dataclass(frozen=True, kw_only=True)
class SourceIsRelevant:
    """Label 1 for the source document, 0 for every other candidate. No model is asked.

    Beside documents of several grades, a mined candidate may count for more than nothing: on a
    scale of 0 to 3, relevant=3 and other=1 say "the answer" and "on the subject".

    Paper:   Ma, Korotkov, Yang, Hall, McDonald, Zero-shot Neural Passage Retrieval via
             Domain-targeted Synthetic Question Generation, EACL 2021.
             https://arxiv.org/abs/2004.14503
    Code:    UKPLab/gpl, gpl/toolkit/mnrl.py.
    Differs: candidates that other miners bring are labelled 0; the paper has other queries'
             documents only.
    Cost:    none.

    Args:
        relevant: value of the source document. Paper: 1.
        other: value of every other candidate. Paper: 0.

    Returns:
        One label per candidate, in the order of the candidates.
    """

    relevant: float = 1.0
    other: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a source that is worth no more than the others."""
        if self.relevant <= self.other:
            raise RecipeError(f"{self!r}: the source must be worth more than other documents.")

    def __call__(self, candidates: Candidates, ctx: Context) -> Labels:
        """Label the candidates."""
        del ctx
        return Labels.columns(
            query_id=candidates.rows.column("query_id"),
            doc_id=candidates.rows.column("doc_id"),
            value=np.where(candidates.array("is_source"), self.relevant, self.other),
            teacher=["source"] * len(candidates),
        )
