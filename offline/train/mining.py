"""Mining: for each human question, other passages that could be mistaken for its own.

BM25 and the encoder find them, and the fusion teacher (`labellers.Fusion`) values them. Those that
hold the answer, and those it values well above the question's own passage, are dropped: they may
answer the question too. Those it values a little higher stay: there it is mistaken, and that is
what is to be learned.

Shapes: N questions, K passages of each.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from acclimate.engines.local import Local
from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts import labellers, miners
from acclimate.parts.part import Context, apply
from acclimate.tables import Corpus, Labels, Queries
from train.data import Passage
from train.sources import SOURCES

FILE = "lists.safetensors"


@dataclass(frozen=True, eq=False)
class Lists:
    """Questions, each with its own passage and others.

    Args:
        questions: their texts.
        passages: their texts.
        rows: of each question's passages, its own first, then by falling value, (N, K); -1 is
            none.
        values: the fusion teacher's, (N, K).
    """

    questions: list[str]
    passages: list[str]
    rows: Integers
    values: Floats

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def known(self) -> Integers:
        """Rows of the questions with their own passage and another."""
        return np.flatnonzero((self.rows[:, 0] >= 0) & ((self.rows >= 0).sum(axis=1) > 1))

    def split(self, first_held: int) -> tuple[Lists, Lists]:
        """Lists about the passages before this row, and those about it and the ones behind.

        The first ones never show a passage of the others.
        """
        held = self.rows[:, 0] >= first_held
        shown = np.where(self.rows < first_held, self.rows, -1)
        return self._some(~held, shown), self._some(held, self.rows)

    def _some(self, which: np.ndarray[Any, np.dtype[np.bool_]], rows: Integers) -> Lists:
        chosen = np.flatnonzero(which)
        texts = [self.questions[row] for row in chosen]
        return Lists(texts, self.passages, rows[chosen], self.values[chosen])


def mined(
    passages: Sequence[Passage],
    base: str,
    folder: Path,
    *,
    depth: int = 24,
    width: int = 24,
    slack: float = 1.1,
) -> Lists:
    """Lists for all questions about these passages; kept in `folder` and found there again.

    Args:
        passages: the documents; questions of one pool are searched in that pool alone.
        base: hub name or folder of the encoder.
        folder: keeps the lists, and the encoder's vectors while they are made.
        depth: passages that BM25 and the encoder find each.
        width: passages of a question that are kept, its own included.
        slack: of its own passage's value that another may have; one that is valued still higher
            may well answer the question too.
    """
    questions = [question.text for passage in passages for question in passage.questions]
    contents = [passage.content for passage in passages]
    texts = hashlib.sha256("\0".join([*questions, *contents]).encode()).hexdigest()
    settings = json.dumps([Dense(base).fingerprint(), texts, depth, width, slack])
    path = folder / FILE
    if not _holds(path, settings):
        rows, values = _made(passages, base, folder, depth, width, slack)
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{FILE}.part")
        save_file({"rows": rows, "values": values}, part, metadata={"settings": settings})
        part.replace(path)
    saved = load_file(path)
    return Lists(questions, contents, saved["rows"], saved["values"])


def _holds(path: Path, settings: str) -> bool:
    if not path.is_file():
        return False
    with safe_open(path, framework="numpy") as saved:
        return bool((saved.metadata() or {}).get("settings") == settings)


def _made(
    passages: Sequence[Passage], base: str, folder: Path, depth: int, width: int, slack: float
) -> tuple[Integers, Floats]:
    count = sum(len(passage.questions) for passage in passages)
    rows = np.full((count, width), -1, dtype=np.int64)
    values = np.zeros((count, width), dtype=np.float32)
    engine = Local(folder=folder / "engine")
    for pool in sorted({SOURCES[passage.source].pool for passage in passages}):
        _fill(_labels(passages, pool, base, engine, depth), passages, slack, rows, values)
    shutil.rmtree(folder / "engine", ignore_errors=True)  # gigabytes of token vectors
    return rows, values


def _labels(passages: Sequence[Passage], pool: str, base: str, engine: Local, depth: int) -> Labels:
    """What the fusion teacher says of what was found for a pool's questions; ids are rows."""
    encoder, ctx = Dense(base), Context(engine=engine)
    student = Student(encoder=encoder)
    inside = [row for row, p in enumerate(passages) if SOURCES[p.source].pool == pool]
    corpus = Corpus.of(
        {"doc_id": str(row), "title": passages[row].title, "text": passages[row].text}
        for row in inside
    )
    queries = _queries(passages, set(inside))
    miner = miners.Union(
        (miners.BM25(depth=depth), miners.DenseSearch(encoder=encoder, depth=depth))
    )
    found = apply(miner, (corpus, queries, student), ctx)
    return labellers.Fusion(encoder=encoder)(corpus, queries, found, student, ctx)


def _queries(passages: Sequence[Passage], inside: set[int]) -> Queries:
    rows: list[dict[str, Any]] = []
    number = 0
    for row, passage in enumerate(passages):
        for question in passage.questions:
            if row in inside:
                told = {"query_id": str(number), "text": question.text, "source_doc_id": str(row)}
                rows.append({**told, "split": "train"})
            number += 1
    return Queries.of(rows)


def _fill(
    labels: Labels, passages: Sequence[Passage], slack: float, rows: Integers, values: Floats
) -> None:
    """Put the labels where they belong: the own passage first, the others by falling value."""
    query = np.array(labels["query_id"]).astype(np.int64)
    document = np.array(labels["doc_id"]).astype(np.int64)
    value = labels.array("value").astype(np.float32)
    own = np.array([row for row, p in enumerate(passages) for _ in p.questions])[query]
    highest = np.zeros(len(rows), dtype=np.float32)
    highest[query[document == own]] = value[document == own]
    plausible = (document == own) | (value <= slack * highest[query])
    plausible &= ~_answering(query, document, own, passages)
    order = np.lexsort((document, -value, document != own, query))
    order = order[plausible[order]]
    query, document, value = query[order], document[order], value[order]
    _, first, counts = np.unique(query, return_index=True, return_counts=True)
    place = np.arange(len(query)) - np.repeat(first, counts)
    fits = place < rows.shape[1]
    rows[query[fits], place[fits]] = document[fits]
    values[query[fits], place[fits]] = value[fits]


def _answering(
    query: Integers, document: Integers, own: Integers, passages: Sequence[Passage]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where another passage holds the answer to the question, word for word."""
    answers = [question.answer.lower() for passage in passages for question in passage.questions]
    texts = [passage.content.lower() for passage in passages]
    held = [
        o != d and len(answers[q]) > 3 and answers[q] in texts[d]
        for q, d, o in zip(query, document, own, strict=True)
    ]
    return np.array(held, dtype=bool)
