"""ReasoningQueries: a language model writes hard questions, from short ones to long ones."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts.generators._documents import dealt, drawn, queries_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Words = tuple[int, int]
"""Fewest and most words."""


@dataclass(frozen=True, kw_only=True)
class ReasoningQueries:
    """Questions from a concrete situation, which share the document's idea and not its words.

    To find the document one has to reason from what is asked to what would help. Each document is
    asked for a question of one length, drawn by its id, so that the student meets short ones and
    long ones alike.

    Rows: [010].

    Paper:   ReasonIR: Training Retrievers for Reasoning Tasks, 2025.
             https://arxiv.org/abs/2504.20595
    Code:    facebookresearch/ReasonIR.
    Differs: hard questions and questions of varied length are one thing; our own wording; put
             `filters.DocumentQuality` before it and `filters.SelfReference` behind it.
    Cost:    one generation per query.

    Args:
        writer: writes the questions.
        lengths: ranges of words, each for an equal share of the documents; the writer's longest
            answer must leave room for them.
        documents: how many are asked for questions. None: all.
        per_document: questions of each.

    Returns:
        Queries of kind "reasoning LOW-HIGH", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine, FakeWriter
        >>> part = ReasoningQueries(writer=FakeWriter(), lengths=((10, 40),))
        >>> part(toys.CORPUS.head(1), Context(engine=FakeEngine()))["kind"]
        ['reasoning 10-40']
    """

    writer: Ref[Writer]
    lengths: tuple[Words, ...] = ((10, 40), (40, 90), (90, 160))
    documents: int | None = None
    per_document: int = 1

    def __post_init__(self) -> None:
        """Refuse to write nothing, and lengths that are none."""
        if not self.lengths or any(not 1 <= low <= high for low, high in self.lengths):
            raise RecipeError(
                f"ReasoningQueries(lengths={self.lengths}): give ranges of words, the smaller "
                "number first."
            )
        if self.per_document < 1 or (self.documents is not None and self.documents < 1):
            raise RecipeError(
                f"ReasoningQueries(documents={self.documents}, per_document={self.per_document}) "
                "would write nothing. Give 1 or more."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the questions."""
        asked = drawn(self, corpus, self.documents, ctx)
        which = dealt(self, asked, [1.0] * len(self.lengths), ctx)
        ranges = [self.lengths[number] for number in which.tolist()]
        questions = [
            Question(data={"document": text}, words={"low": str(low), "high": str(high)})
            for text, (low, high) in zip(asked.contents, ranges, strict=True)
        ]
        said = ask(
            self.writer,
            load("reasoning"),
            questions,
            ctx,
            count=self.per_document,
            seed=int(ctx.rng(self).integers(2**31)),
        )
        return queries_of(asked, said, lambda row: "reasoning {}-{}".format(*ranges[row]))
