"""Asking: how parts put a prompt's question to a language model, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.models.prompts import Prompt, gives_orders
from acclimate.models.ref import Integers, Ref, Writer, Written
from acclimate.models.remote.structured import CHANCES, InvalidError
from acclimate.models.remote.structured import read as as_answer
from acclimate.parts._pairs import pairs
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.

    Args:
        data: material, as documents: it is fenced.
        words: pieces of the question itself.
    """

    data: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What a model said.

    Args:
        text: empty where there is no answer.
        log_prob: mean over its tokens; None where unknown.
    """

    text: str
    log_prob: float | None

    @property
    def values(self) -> Mapping[str, Any]:
        """The properties of a structured answer; empty where it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def chance(self, value: str) -> float | None:
        """Probability of a value of the rated property; None where the model did not say."""
        chances = self.values.get(CHANCES)
        return float(chances.get(value, 0.0)) if isinstance(chances, dict) else None


def about_candidates(corpus: Corpus, queries: Queries, candidates: Candidates) -> list[Question]:
    """A question about each candidate: its query and its document."""
    asked, found = pairs(corpus, queries, candidates)
    texts, contents = queries["text"], corpus.contents
    return [
        Question(data={"query": texts[q], "document": contents[d]})
        for q, d in zip(asked.tolist(), found.tolist(), strict=True)
    ]


def about_sources(corpus: Corpus, queries: Queries) -> tuple[Integers, list[Question]]:
    """Rows of the queries with a source document, and a question about each and that document."""
    own = sources(corpus, queries)
    rows = np.flatnonzero(own >= 0)
    texts, contents = queries["text"], corpus.contents
    return rows, [
        Question(data={"query": texts[row], "document": contents[own[row]]})
        for row in rows.tolist()
    ]


def ask(
    writer: Ref[Writer],
    prompt: Prompt,
    questions: Sequence[Question],
    ctx: Context,
    *,
    count: int = 1,
    seed: int = 0,
) -> list[list[Said]]:
    """`count` answers to each question, in their order; notes what had none, and who gave orders.

    A writer that knows forms gives answers of the prompt's shape or none; any other is shown the
    standing instruction with each question, and what it writes is read in the same way.
    """
    texts = [prompt.render(data=q.data, words=q.words) for q in questions]
    answering = getattr(writer, "answering", None)
    if answering is not None:
        writer = answering(prompt.form)
    else:
        texts = [f"{prompt.form.system}\n\n{text}" for text in texts]
    written = ctx.engine.write(writer, texts, count=count, seed=seed)
    said = [[_said(w, prompt, known=answering is not None) for w in row] for row in written]
    read = {text for q in questions for text in (*q.data.values(), *q.words.values())}
    ordering = [text for text in read if gives_orders(text)]
    ctx.note(
        f"asked {prompt.form.name} {prompt.form.version} ({prompt.hash[:8]})",
        {
            "questions": len(questions),
            "without an answer": sum(not s.text for row in said for s in row),
            "texts that give orders": len(ordering),
        },
    )
    return said


def verdicts(
    writer: Ref[Writer],
    prompt: Prompt,
    questions: Sequence[Question],
    ctx: Context,
    *,
    threshold: float = 0.5,
) -> list[bool | None]:
    """Whether what a prompt rates, true or false, is true; None where there is no verdict.

    Where the model gives probabilities, that of "true" is compared with `threshold`.
    """
    said = ask(writer, prompt, questions, ctx)
    return [_verdict(answers[0], prompt.form.rated or "", threshold) for answers in said]


def _verdict(said: Said, rated: str, threshold: float) -> bool | None:
    chance = said.chance("true")
    if chance is not None:
        return chance >= threshold
    value = said.values.get(rated)
    return value if isinstance(value, bool) else None


def _said(written: Written, prompt: Prompt, *, known: bool) -> Said:
    """An answer of the prompt's shape; a model that knows forms has given it already."""
    if known:
        return Said(written.text, written.log_prob)
    try:
        return Said(as_answer(written.text, prompt.form), written.log_prob)
    except InvalidError:
        return Said("", None)
