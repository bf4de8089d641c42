"""AnswerLeak: no candidates that hold the answer, besides the source."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._answers import MASK, Held, answers, check_mask
from acclimate.parts._pairs import pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class AnswerLeak:
    """Candidates without those that hold the answer to their query, but for the source.

    What is left are documents that a search finds and that do not answer: negatives. A document
    with the answer in it may be relevant, and as a negative would be a false one. The answer is the
    one that comes with the query, else what its mask hides in its source
    (generators.SalientSpanMasks).

    Rows: [109], [114].

    Paper:   ANCE-Tele: Reduce Catastrophic Forgetting of Dense Retrieval Training with
             Teleportation Negatives, 2022. https://arxiv.org/abs/2210.17167
             ColBERT-QA: Relevance-guided Supervision for OpenQA with ColBERT, 2020.
             https://arxiv.org/abs/2007.00814
    Code:    none followed.
    Differs: nothing known, but that without a file of answers masked spans stand for them.
    Cost:    one pass over the words of the candidates' documents.

    Args:
        mask: what stands for the answer in a query, as the generator has it.

    Returns:
        The candidates kept, rows and order unchanged; all of queries without an answer.
    """

    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a mask that cannot be seen."""
        check_mask(self, self.mask)

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Candidates:
        """Drop what holds the answer."""
        asked, found = pairs(corpus, queries, candidates)
        told, held = answers(corpus, queries, self.mask), Held(corpus.contents)
        rows = zip(asked.tolist(), found.tolist(), candidates["is_source"], strict=True)
        kept = [source or not held.of(document, told[query]) for query, document, source in rows]
        ctx.note("dropped", {"holds the answer": kept.count(False)})
        return candidates.keep(kept)
