"""HardNegativeQueries: questions that look like a document's own and that it does not answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts._sources import sources
from acclimate.parts._words import normal
from acclimate.parts.generators._written import behind
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "hard_negative"


@dataclass(frozen=True, kw_only=True)
class HardNegativeQueries:
    """The queries, and behind each that trains a few like it that ask for something else.

    A document that was mined as a negative may be relevant after all. A question that was changed
    until its document does not answer it any more cannot be, if somebody looks: put
    `labellers.Answerability` behind it, never `labellers.SourceIsRelevant`, for which every query
    is answered by its source.

    Rows: [031].

    Paper:   DocReRank: Single-Page Hard-Negative Query Generation, 2025.
             https://arxiv.org/abs/2505.22584
    Code:    none followed.
    Differs: documents of text in place of pages as pictures; our own wording; queries are written
             one by one, where the paper asks for twelve at once.
    Cost:    `variants` generations per query that trains and has a source.

    Args:
        writer: writes the questions.
        variants: how many for each query. Paper: 12, of which 3 are kept.
        style: "variant": of similar form, for other information. "edit": exactly one property is
            changed, such as a year or a name.

    Returns:
        The queries in their order, each with its new ones behind it: of kind "hard_negative", with
        the same source.
    """

    writer: Ref[Writer]
    variants: int = 4
    style: Literal["variant", "edit"] = "variant"

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.variants < 1:
            raise RecipeError(
                f"HardNegativeQueries(variants={self.variants}) writes nothing. Give 1 or more."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Write the questions."""
        own, contents, rows = sources(corpus, queries), corpus.contents, queries.dicts()
        asked = [
            row
            for row, query in enumerate(rows)
            if own[row] >= 0 and query["split"] == "train" and query["kind"] != KIND
        ]
        questions = [
            Question(data={"document": contents[own[row]], "query": rows[row]["text"]})
            for row in asked
        ]
        said = ask(
            self.writer,
            load("hard_query" if self.style == "variant" else "edited_query"),
            questions,
            ctx,
            count=self.variants,
            seed=int(ctx.rng(self).integers(2**31)),
        )
        told = {
            row: [
                (KIND, s.text, s.log_prob)
                for s in answers
                if normal(s.text) != normal(rows[row]["text"])
            ]
            for row, answers in zip(asked, said, strict=True)
        }
        result = behind(queries, told)
        ctx.note("written", len(result) - len(queries))
        return result
