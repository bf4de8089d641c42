"""SourceIsRelevant: the document a query was written from is relevant, the others are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._pairs import labelled
from acclimate.parts._sources import copies_of_source
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class SourceIsRelevant:
    """Label 1 for the source document, 0 for every other candidate. No model is asked.

    Copies of the source under another id answer the query as well as it does, and get no label;
    capitals, punctuation and spaces do not count.

    Beside documents of several grades, a mined candidate may count for more than nothing: on a
    scale of 0 to 3, relevant=3 and other=1 say "the answer" and "on the subject".

    Paper:   Ma, Korotkov, Yang, Hall, McDonald, Zero-shot Neural Passage Retrieval via
             Domain-targeted Synthetic Question Generation, EACL 2021.
             https://arxiv.org/abs/2004.14503
    Code:    UKPLab/gpl, gpl/toolkit/mnrl.py.
    Differs: candidates that other miners bring are labelled 0; the paper has other queries'
             documents only. Copies of the source are left out.
    Cost:    one pass over the words of the candidates' documents.

    Args:
        relevant: value of the source document. Paper: 1.
        other: value of every other candidate. Paper: 0.

    Returns:
        One label per candidate that is no copy of the source, in the order of the candidates.
    """

    relevant: float = 1.0
    other: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a source that is worth no more than the others."""
        if self.relevant <= self.other:
            raise RecipeError(f"{self!r}: the source must be worth more than other documents.")

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        copies = copies_of_source(corpus, queries, candidates)
        ctx.note("copies of the source", int(copies.sum()))
        values = np.where(candidates.array("is_source"), self.relevant, self.other)
        return labelled(candidates, np.where(copies, np.nan, values), "source")
