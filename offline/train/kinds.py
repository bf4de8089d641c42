"""Kinds: what a writer is taught to write about a passage.

Each kind has a prefix, so that one model writes them all. Targets of several kinds are made of the
human questions and of the passage itself; all questions about a passage are taught at once, so
that it is read once for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from bm25s.stopwords import STOPWORDS_EN

from train.data import Passage

KINDS = ("question", "keywords", "claim", "title")
SHARES = (0.70, 0.12, 0.10, 0.08)
"""How often each kind is taught, where the passage has something to teach it with."""

UNNAMED = 0.25
"""Of the questions: without a prefix, so that a writer opened without one asks questions."""

TITLED = 0.5
"""How often the title is read before the text."""

REMOVED = 0.9
"""How often a claim's sentence is taken out of the passage. Lee, Chang, Toutanova, ORQA, 2019."""

AT_MOST = 6
"""Questions of one passage that are taught at once."""

ASKING = frozenset(
    ["what", "who", "whom", "whose", "which", "when", "where", "why", "how", "does", "did", "do"]
)
SENTENCE = re.compile(r"[^.!?]+[.!?]+(?=\s|$)")

Rng = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What is read, and what may be written about it.

    Args:
        kind: one of KINDS.
        prefix: before the text; "" where the kind is not named.
        title: read before the text; may be "".
        text: what is read.
        targets: what may be written.
    """

    kind: str
    prefix: str
    title: str
    text: str
    targets: tuple[str, ...]


def prefix_of(kind: str) -> str:
    """What stands before a passage to ask for this kind of text."""
    return f"{kind}: "


def lesson(passage: Passage, rng: Rng) -> Lesson:
    """What a writer is taught about a passage this time."""
    kind = str(rng.choice(KINDS, p=SHARES))
    text, targets = passage.text, _targets(kind, passage, rng)
    if kind == "claim" and targets and rng.random() < REMOVED:
        text = " ".join(text.replace(targets[0], " ", 1).split())
    if not targets or not text:
        kind, text, targets = "question", passage.text, _targets("question", passage, rng)
    named = kind != "question" or rng.random() >= UNNAMED
    titled = kind != "title" and rng.random() < TITLED
    return Lesson(
        kind=kind,
        prefix=prefix_of(kind) if named else "",
        title=passage.title if titled else "",
        text=text,
        targets=tuple(targets[:AT_MOST]),
    )


def _targets(kind: str, passage: Passage, rng: Rng) -> list[str]:
    questions = [q.text for q in passage.questions]
    questions = [questions[place] for place in rng.permutation(len(questions))]
    if kind == "question":
        return questions
    if kind == "keywords":
        return list(dict.fromkeys(filter(None, map(keywords, questions))))
    if kind == "title":
        return [passage.title] if passage.title else []
    claims = list(_claims(passage.text))
    return [claims[int(rng.integers(len(claims)))]] if claims else []


def keywords(question: str) -> str:
    """The words of a question that carry it, in their order; "" where fewer than two are left."""
    words = re.findall(r"[^\W_]+(?:[-.'][^\W_]+)*", question)
    held = [word for word in words if word.lower() not in ASKING | set(STOPWORDS_EN)]
    return " ".join(held) if len(held) >= 2 else ""


def _claims(text: str) -> Iterator[str]:
    """Sentences of 6 to 20 words that say something; not the only one."""
    found = [match.group().strip() for match in SENTENCE.finditer(text)]
    for sentence in found:
        if len(found) > 1 and 6 <= len(sentence.split()) <= 20 and sentence.endswith("."):
            yield sentence
