"""Spans: where in a passage the answer to a question stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from train.data import Passage


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question and a passage that may answer it.

    Args:
        question: its text.
        title: of the passage; may be "".
        text: the passage.
        start: first letter of the answer in the text; -1: it is not there.
        end: behind its last letter.
    """

    question: str
    title: str
    text: str
    start: int = -1
    end: int = -1

    @property
    def content(self) -> str:
        """Title and text as the model reads them."""
        return f"{self.title} {self.text}" if self.title else self.text

    @property
    def answer(self) -> tuple[int, int]:
        """Letters of the answer in `content`; (-1, -1): it is not there."""
        before = len(self.content) - len(self.text)
        return (self.start + before, self.end + before) if self.start >= 0 else (-1, -1)


def answered(passages: Sequence[Passage]) -> list[Asked]:
    """Questions whose answer stands in their passage word for word, whatever the case."""
    found = []
    for passage in passages:
        for question in passage.questions:
            span = located(question.answer, passage.text)
            if span:
                start, end = span
                found.append(
                    Asked(
                        question=question.text,
                        title=passage.title,
                        text=passage.text,
                        start=start,
                        end=end,
                    )
                )
    return found


def located(answer: str, text: str) -> tuple[int, int] | None:
    """The first place of an answer in a text, at borders of words; None: nowhere."""
    if not answer or answer.lower() in {"yes", "no"}:
        return None
    match = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text, re.IGNORECASE)
    return match.span() if match else None


def with_unanswered(
    asked: Sequence[Asked], passages: Sequence[Passage], share: float, rng: np.random.Generator
) -> list[Asked]:
    """The questions, and as `share` of all the same questions with passages that do not answer.

    Such a passage is of the same page where there is one, and does not hold the answer.

    Args:
        asked: questions with their answers.
        passages: where others are found.
        share: of the rows given, 0 to below 1.
        rng: of the draws.
    """
    by_title: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        by_title.setdefault(passage.title, []).append(row)
    wanted = round(len(asked) * share / (1 - share))
    made = list(asked)
    for place in rng.permutation(len(asked))[:wanted]:
        one = asked[place]
        near = by_title.get(one.title, []) if one.title else []
        anywhere = int(rng.integers(len(passages)))
        passage = passages[int(rng.choice(near)) if len(near) > 1 else anywhere]
        answer = one.text[one.start : one.end]
        if located(answer, passage.text) is None:
            made.append(Asked(question=one.question, title=passage.title, text=passage.text))
    return made
