"""Data: human questions and the passages they were asked about."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from train.sources import SOURCES

SHARE_HELD_OUT = 0.02
"""Of the passages: they and their questions train nothing."""


class DataError(Exception):
    """The training pairs are not there, or hold something nobody has looked at."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a passage.

    Args:
        text: as it was asked.
        answer: words of the answer; "" where the source has none.
    """

    text: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A passage and all questions that were asked about it.

    Args:
        title: of the page it is from; may be "".
        text: the passage.
        source: a key of SOURCES.
        questions: different ones, in the order of the files.
    """

    title: str
    text: str
    source: str
    questions: tuple[Question, ...]

    @property
    def content(self) -> str:
        """Title and text as models read them."""
        return f"{self.title} {self.text}" if self.title else self.text


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """What there is to learn from.

    Args:
        train: passages models learn from.
        held_out: passages they are watched on.
        counts: questions by source that came in.
        dropped: questions that did not, by reason.
    """

    train: tuple[Passage, ...]
    held_out: tuple[Passage, ...]
    counts: dict[str, int]
    dropped: dict[str, int]


def read(folder: Path, *, seed: int = 0) -> Pairs:
    """All usable pairs of the folders `train-*`, each passage once, split by their texts.

    A question that equals a query of an evaluation collection beside them is left out.

    Args:
        folder: holds `train-*/train_pairs.jsonl.gz`; other folders in it are collections.
        seed: of the split.

    Raises:
        DataError: when there are no pairs, or some of a source that nobody has looked at.
    """
    seen = _asked(folder)
    dropped: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    found: dict[str, tuple[dict[str, Any], dict[str, Question]]] = {}
    for row in _rows(folder):
        source, question = row["source"], normal(row["query"])
        reason = _refused(source, question, row["text"], seen)
        if not reason:
            _, questions = found.setdefault(normal(row["text"]), (row, {}))
            reason = "asked twice about one passage" if question in questions else ""
        if reason:
            dropped[reason] += 1
            continue
        questions[question] = Question(text=_tidy(row["query"]), answer=_tidy(row["answer"]))
        counts[source] += 1
    if not found:
        raise DataError(f"{folder} holds no training pairs: train-*/train_pairs.jsonl.gz.")
    passages = [_passage(row, questions.values()) for row, questions in found.values()]
    apart = [_share(normal(passage.text), seed) < SHARE_HELD_OUT for passage in passages]
    return Pairs(
        train=tuple(p for p, held in zip(passages, apart, strict=True) if not held),
        held_out=tuple(p for p, held in zip(passages, apart, strict=True) if held),
        counts=dict(sorted(counts.items())),
        dropped=dict(sorted(dropped.items())),
    )


def normal(text: str) -> str:
    """A text without what makes no difference: case, white space, marks at its end."""
    return " ".join(text.lower().split()).rstrip(" ?.!")


def _refused(source: str, question: str, text: str, seen: set[str]) -> str:
    if source not in SOURCES:
        raise DataError(
            f"The source {source!r} is not in train/sources.py. Look up its licence and write it "
            "there before a model learns from it."
        )
    if SOURCES[source].left_out:
        return f"{source}: {SOURCES[source].left_out}"
    if not question or not text.strip():
        return "empty"
    return "asked in an evaluation collection" if question in seen else ""


def _passage(row: dict[str, Any], questions: Iterable[Question]) -> Passage:
    return Passage(
        title=_tidy(row["title"]),
        text=_tidy(row["text"]),
        source=row["source"],
        questions=tuple(questions),
    )


def _share(text: str, seed: int) -> float:
    """A number in [0, 1) that is a text's own."""
    digest = hashlib.blake2b(f"{seed}\0{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("train-*/train_pairs.jsonl*")):
        for row in _lines(path):
            yield {"title": "", "answer": "", "source": path.parent.name, **row}


def _asked(folder: Path) -> set[str]:
    """The queries of the evaluation collections, normalised."""
    paths = sorted(folder.glob("*/queries.jsonl*"))
    return {normal(row["text"]) for path in paths for row in _lines(path)}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
