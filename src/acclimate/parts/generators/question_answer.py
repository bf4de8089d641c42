"""QuestionAnswer: a language model asks, and says the answer in the document's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "answered"


@dataclass(frozen=True, kw_only=True)
class QuestionAnswer:
    """Questions with their answers, written in one go about each document.

    With an answer a question can be looked at and labelled without a judge:
    `filters.AnswerPresence` drops what the document does not say, `labellers.AnswerMatch` and
    `labellers.ReaderLikelihood(target="answer")` say which other documents answer too.

    Rows: [039].

    Paper:   SK-VQA: Synthetic Knowledge Generation at Scale for Training Context-Augmented
             Multimodal LLMs, ICML 2025. https://arxiv.org/abs/2406.19593
    Code:    none followed.
    Differs: about documents that are there, where the paper's model writes the document as well
             (`drafters.JointDocumentQuestion` does).
    Cost:    one generation per question.

    Args:
        writer: asks and answers.
        documents: how many are asked about, drawn by their ids. None: all.
        per_document: questions of each.

    Returns:
        Queries of kind "answered" with `answer`, in the order of the corpus. The log-probability
        is that of question and answer together.

    Example:
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> from acclimate.testing.recorded import Recorded
        >>> said = (("</document", '{"question": "who dances?", "answer": "bees"}'),)
        >>> part = QuestionAnswer(writer=Recorded(answers=said))
        >>> written = part(toys.CORPUS.head(1), Context(engine=FakeEngine()))
        >>> written["text"], written["answer"]
        (['who dances?'], ['bees'])
    """

    writer: Ref[Writer]
    documents: int | None = None
    per_document: int = 1

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.per_document < 1 or (self.documents is not None and self.documents < 1):
            raise RecipeError(
                f"QuestionAnswer(documents={self.documents}, per_document={self.per_document}) "
                "would write nothing. Give 1 or more."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Ask, and keep what has both texts."""
        asked = drawn(self, corpus, self.documents, ctx)
        questions = [Question(data={"document": text}) for text in asked.contents]
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(
            self.writer,
            load("question_answer"),
            questions,
            ctx,
            count=self.per_document,
            seed=seed,
        )
        rows: dict[str, dict[str, Any]] = {}
        for source, answers in zip(asked["doc_id"], said, strict=True):
            for one in answers:
                question, told = (
                    " ".join(str(one.values.get(name, "")).split())
                    for name in ("question", "answer")
                )
                for row in rows_of(source, [(KIND, question, one.log_prob)] if told else []):
                    rows.setdefault(row["query_id"], {**row, "answer": told})
        wanted = len(asked) * self.per_document
        ctx.note("left out", {"repeated, or without question or answer": wanted - len(rows)})
        return Queries.of(rows.values())
