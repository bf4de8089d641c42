"""Answerability: a language model says twice whether a document answers a query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import about_candidates, verdicts
from acclimate.parts._pairs import labelled
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

PROMPTS = ("answerable", "answers_part")
"""Two ways to ask; the second is quicker to say yes."""


@dataclass(frozen=True, kw_only=True)
class Answerability:
    """1 where two prompts both find the query answered by the document, 0 where neither does.

    Where they disagree there is no label: a query counts as unanswered only if both say so, which
    keeps false negatives out, and as answered only if both say so.

    Rows: [031].

    Paper:   DocReRank: Single-Page Hard-Negative Query Generation, 2025.
             https://arxiv.org/abs/2505.22584
    Code:    none followed.
    Differs: documents of text; our own wording; queries that are answered are asked about in the
             same two ways.
    Cost:    two judgements per distinct pair.

    Args:
        writer: judges; another model than wrote the queries, if there is one.
        threshold: probability of "true" at least, where it is known.

    Returns:
        Labels of 1 and 0, in the order of the candidates; where the prompts disagree, or one has
        no verdict, they are missing.
    """

    writer: Ref[Writer]
    threshold: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability."""
        if not 0 < self.threshold <= 1:
            raise RecipeError(
                f"Answerability(threshold={self.threshold}) must be above 0 and at most 1."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        questions = about_candidates(corpus, queries, candidates)
        first, second = (
            verdicts(self.writer, load(name), questions, ctx, threshold=self.threshold)
            for name in PROMPTS
        )
        agreed = [a if a is b else None for a, b in zip(first, second, strict=True)]
        ctx.note(
            "answerability",
            {"answered": agreed.count(True), "unanswered": agreed.count(False),
             "left out": agreed.count(None)},
        )  # fmt: skip
        values = np.array([np.nan if v is None else float(v) for v in agreed], dtype=np.float32)
        return labelled(candidates, values, repr(self.writer))
