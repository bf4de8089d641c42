"""AnswerMatch: a document is relevant if it holds the answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.parts._answers import MASK, Held, answers, check_mask
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class AnswerMatch:
    """Label 1 for documents with the words of the answer, one after the other, 0 for the others.

    The answer to a query is the one that comes with it (a file of people's questions,
    generators.AnswerPairs), else what its mask hides in the document it was written from
    (generators.SalientSpanMasks). A name or a number stands in many documents by accident, so that
    the label is weak: `BestInTop` believes it where a search ranks the document high, and
    losses.MarginalLikelihood asks for any of them.

    Rows: [080], [109].

    Paper:   Lee, Chang, Toutanova, Latent Retrieval for Weakly Supervised Open Domain Question
             Answering, ACL 2019. https://arxiv.org/abs/1906.00300
             ColBERT-QA: Relevance-guided Supervision for OpenQA with ColBERT, 2020.
             https://arxiv.org/abs/2007.00814
    Code:    none followed.
    Differs: nothing known, but that without a file of answers masked spans stand for them.
    Cost:    one pass over the words of the candidates' documents.

    Args:
        mask: what stands for the answer in a query, as the generator has it.

    Returns:
        One label per candidate, in the order of the candidates; those of queries without an answer
        are missing.
    """

    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a mask that cannot be seen."""
        check_mask(self, self.mask)

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Look for the answers."""
        asked, found = pairs(corpus, queries, candidates)
        told, held = answers(corpus, queries, self.mask), Held(corpus.contents)
        values = np.array(
            [
                held.of(document, told[query]) if told[query] else np.nan
                for query, document in zip(asked.tolist(), found.tolist(), strict=True)
            ],
            dtype=np.float32,
        )
        ctx.note(
            "answers",
            {
                "queries with an answer": sum(map(bool, told)),
                "documents that hold it": int(np.nansum(values)),
            },
        )
        return labelled(candidates, values, "answer")
