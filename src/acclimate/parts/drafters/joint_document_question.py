"""JointDocumentQuestion: a new document of the field, with questions that it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._answers import Held
from acclimate.parts._asking import Said
from acclimate.parts._words import words
from acclimate.parts.drafters._written import asked_id, invented, rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts

BANNED = ("image", "photo", "photograph", "picture", "painting")
"""Words of documents that speak of what they were written from."""

QUESTIONS = 3


@dataclass(frozen=True, kw_only=True)
class JointDocumentQuestion:
    """Documents like those of the corpus, each written in one go with questions and answers.

    For a field of which there are few documents. Shown one of them, a language model writes
    another and asks it questions: written together, they belong together more surely than a
    document and a question asked of it afterwards. Two cheap looks keep it honest: a document that
    speaks of what it was written from goes, and so does a question whose answer the document does
    not hold, word for word. `generators.Drafted` makes the questions queries.

    Rows: [039].

    Paper:   SK-VQA: Synthetic Knowledge Generation at Scale for Training Context-Augmented
             Multimodal LLMs, ICML 2025. https://arxiv.org/abs/2406.19593
    Code:    none followed.
    Differs: a document stands where the paper shows a picture, and questions need the written
             document alone.
    Cost:    one generation per written document, of some 400 tokens.

    Args:
        writer: writes.
        pairs: documents written; those that show the field are drawn by their ids, each once before
            one is shown again.
        banned: words that a written document may not have.

    Returns:
        Drafts of kind "joint" and value 1, one row for each question, with its text in `asks`.
    """

    writer: Ref[Writer]
    pairs: int = 500
    banned: tuple[str, ...] = BANNED

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.pairs < 1:
            raise RecipeError(f"JointDocumentQuestion(pairs={self.pairs}): give 1 or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Drafts:
        """Write documents and questions."""
        answers = invented(self, self.writer, "joint_document", corpus, self.pairs, ctx)
        told: Counter[str] = Counter()
        rows = {row["query_id"]: row for answer in answers for row in self._rows(answer, told)}
        ctx.note("written", {"documents": len(answers), **told})
        return Drafts.of(rows.values())

    def _rows(self, answer: Said, told: Counter[str]) -> Iterator[dict[str, Any]]:
        """The questions of an answer that stay; why others do not is counted."""
        values = {name: str(value).strip() for name, value in answer.values.items()}
        document = values.get("document", "")
        if not document:
            return
        if set(words(document)) & {word.casefold() for word in self.banned}:
            told["speaks of what it was written from"] += 1
            return
        held = Held([document])
        for number in range(1, QUESTIONS + 1):
            asks, wanted = values.get(f"question_{number}", ""), values.get(f"answer_{number}", "")
            if asks and held.of(0, wanted):
                yield from rows_of(asked_id(asks), [("joint", 1.0, document)], asks=asks)
            elif asks:
                told["answer is not in the document"] += 1
