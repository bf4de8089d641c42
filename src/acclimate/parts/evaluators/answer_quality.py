"""AnswerQuality: what a language model answers from the documents that each system finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.models.student import Student
from acclimate.parts._asking import Question, ask
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._numbered import numbered
from acclimate.parts.evaluators.answer_tokens import correct, faithful
from acclimate.parts.evaluators.ranked import systems_of
from acclimate.parts.evaluators.uncertainty import UNCERTAINTIES, Kind
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile, Scores

GATED = "+gate"
"""What the name of a system gets that is only asked where the model is not sure."""


@dataclass(frozen=True, kw_only=True)
class AnswerQuality:
    """How right answers are, and how much of them is in the documents they were given from.

    The end of retrieval is often an answer. For questions with answers by people, a language model
    answers from the first documents of base and adapted model. Whether an answer is *right* is the
    share of the reference's words that it has ("Recall"; "EM" and "F1" punish whoever answers in a
    sentence); whether it is *faithful*, the share of its words that the documents have
    ("K-Precision"): a model may be right from memory, and a retriever that finds nothing is then
    not noticed.

    With `samples` the model answers first without any document, so many times. Where its answers
    are alike it knows, and the first of them stands; where they are apart the system is asked. So
    "adapted+gate" says what is lost by searches that are saved, and "searched" how many are made.

    Rows: [118], [108].

    Paper:   InstructQA: Evaluating Correctness and Faithfulness of Instruction-Following Models for
             Question Answering, 2023. https://arxiv.org/abs/2307.16877; the gate: To Retrieve or
             Not to Retrieve? Uncertainty Detection for Dynamic RAG, 2025.
             https://arxiv.org/abs/2501.09292
    Code:    McGill-NLP/instruct-qa (measures); zlin7/UQ-NLG (uncertainty).
    Differs: measures over tokens alone, none by a model. The gate decides once for a question,
             where the paper decides before each sentence; degree is divided by m², as its formula.
    Cost:    one generation per question and system, of `depth` documents, and `samples` without.

    Args:
        writer: answers.
        log: questions with answers by people; several rows may answer one question.
        depth: documents that an answer is given from.
        questions: how many at most; drawn by their words. None: all.
        samples: answers without documents, m. 0: no gate.
        uncertainty: of these answers; see `evaluators.uncertainty`.
        threshold: uncertainty above which the system is asked.

    Returns:
        Of base and adapted, and of both behind the gate: EM, F1, Recall, RecallEM, K-Precision,
        K-Recall, K-F1 and the "++" forms of these, and "searched", 1 or 0, of each question, under
        its words. Behind the gate an answer without documents has no K measures.

    Raises:
        TableError: when the file cannot be read, or holds no pair.
    """

    writer: Ref[Writer]
    log: LogFile
    depth: int = 5
    questions: int | None = 200
    samples: int = 0
    uncertainty: Kind = "degree"
    threshold: float = 0.5

    def __post_init__(self) -> None:
        """Refuse to read nothing, and a gate of one answer."""
        if self.depth < 1 or self.samples < 0 or self.samples == 1:
            raise RecipeError(
                f"AnswerQuality(depth={self.depth}, samples={self.samples}): give a depth of 1 or "
                "more, and 0 samples, or 2 or more, as one answer is always like itself."
            )

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Scores:
        """Let it answer, and measure."""
        references = self._references(ctx)
        asked = list(references)
        if not asked or not len(corpus):
            return Scores.empty()
        alone = self._alone(asked, ctx) if self.samples else {}
        rows: list[tuple[str, str, str, float]] = []
        for system, index in systems_of(student).items():
            depth = min(self.depth, len(corpus))
            found = ctx.engine.search(index, corpus.contents, asked, depth=depth).positions
            read = [[corpus.contents[row] for row in line if row >= 0] for line in found.tolist()]
            pairs = zip(asked, read, strict=True)
            questions = [numbered(documents, query=text) for text, documents in pairs]
            said = ask(self.writer, load("answer"), questions, ctx)
            for text, documents, answers in zip(asked, read, said, strict=True):
                answer = answers[0].text
                told = {
                    **correct(answer, references[text]),
                    **faithful(answer, "\n".join(documents), text),
                    "searched": 1.0,
                }
                rows += _rows(system, text, told)
                if self.samples:
                    known = alone.get(text)
                    gate = told if known is None else correct(known, references[text])
                    rows += _rows(system + GATED, text, {"searched": 0.0, **gate})
        return Scores.columns(
            system=[row[0] for row in rows],
            measure=[row[1] for row in rows],
            query_id=[row[2] for row in rows],
            value=[row[3] for row in rows],
        )

    def _references(self, ctx: Context) -> dict[str, list[str]]:
        """The answers of people by question, in the order of the file."""
        pairs, intake = self.log.pairs(meets=("answer", "document"))
        found: dict[str, list[str]] = {}
        for pair in pairs:
            if pair.answer:
                found.setdefault(pair.query, []).append(pair.answer)
        luck = hashes(found, salt(ctx, type(self).__name__))
        kept = set(np.argsort(luck, kind="stable")[: self.questions].tolist())
        ctx.note("questions", {"rows": intake.read, "with an answer": len(found)})
        return {text: found[text] for place, text in enumerate(found) if place in kept}

    def _alone(self, asked: list[str], ctx: Context) -> dict[str, str]:
        """What the model is sure of without documents, by question."""
        questions = [Question(data={"query": text}) for text in asked]
        said = ask(
            self.writer, load("answer_alone"), questions, ctx, count=self.samples,
            seed=int(ctx.rng(type(self).__name__).integers(2**31)),
        )  # fmt: skip
        apart = UNCERTAINTIES[self.uncertainty]
        sure = {}
        for text, answers in zip(asked, said, strict=True):
            told = [answer.text for answer in answers]
            if all(told) and apart(told) <= self.threshold:
                sure[text] = told[0]
        ctx.note("gate", {"sure without a document": len(sure), "of": len(asked)})
        return sure


def _rows(
    system: str, text: str, told: Mapping[str, float]
) -> Iterator[tuple[str, str, str, float]]:
    for measure, value in told.items():
        yield system, measure, text, value
