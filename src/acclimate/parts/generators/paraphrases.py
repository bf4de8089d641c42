"""Paraphrases: a share of the queries in other words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts._hashing import hashes, salt
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class Paraphrases:
    """Queries as they are, but for a share of those that train, which are said in other words.

    A writer has its turns of phrase. Where queries that a document answers have them and queries
    that it does not answer have others, a reranker learns the phrase; said anew, they are alike.

    Rows: [031].

    Paper:   DocReRank: Single-Page Hard-Negative Query Generation, 2025.
             https://arxiv.org/abs/2505.22584
    Code:    none followed.
    Differs: our own wording.
    Cost:    one generation per paraphrased query.

    Args:
        writer: says it in other words.
        share: of the queries that train, drawn by their ids, 0…1. Paper: 0.5.

    Returns:
        The queries, in their order and with their ids; a query without an answer stays as it is.
    """

    writer: Ref[Writer]
    share: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 < self.share <= 1:
            raise RecipeError(f"Paraphrases(share={self.share}) must be above 0 and at most 1.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Say them in other words."""
        rows = queries.dicts()
        luck = hashes(queries["query_id"], salt(ctx, self)).astype(np.float64) / 2.0**64
        asked = [
            n for n, row in enumerate(rows) if row["split"] == "train" and luck[n] < self.share
        ]
        questions = [Question(data={"query": rows[n]["text"]}) for n in asked]
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(self.writer, load("paraphrase"), questions, ctx, seed=seed)
        for n, answers in zip(asked, said, strict=True):
            if answers[0].text:
                said_anew = {"text": answers[0].text, "log_prob": answers[0].log_prob}
                rows[n] = {**rows[n], **said_anew}
        ctx.note("paraphrased", sum(bool(answers[0].text) for answers in said))
        return Queries.of(rows)
