"""tables_that_grow: made tables of any size, and fakes that answer at once."""

from __future__ import annotations

import random
import typing
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Encoder, Floats, Integers, Kind, Ref, Scorer, Writer
from acclimate.models.student import Student
from acclimate.tables import Candidates, Corpus, Labels, Qrels, Queries
from acclimate.testing.fakes import FakeScorer, FakeWriter

CANDIDATES = 10
WORDS = 20_000
DIMENSION = 32
_ROWS = 4_096
_TABLE = np.random.default_rng(0).normal(size=(_ROWS, DIMENSION)).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class QuickEncoder:
    """An encoder whose vectors are drawn by the text as a whole: a hash and a look-up.

    Args:
        tokens: of every text.
    """

    tokens: int = 4

    @property
    def dimension(self) -> int:
        """Entries of a vector."""
        return DIMENSION

    @property
    def normalised(self) -> bool:
        """Its vectors have length one."""
        return True

    @property
    def has_tokens(self) -> bool:
        """It has token vectors."""
        return True

    def open(self, device: str) -> QuickEncoder:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """The same for every text."""
        return np.full(len(texts), self.tokens, dtype=np.int64)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32, of length one."""
        del kind
        drawn = np.asarray([zlib.crc32(t.encode("utf-8")) for t in texts], dtype=np.int64)
        sums = _TABLE[drawn % _ROWS] + _TABLE[drawn // _ROWS % _ROWS]
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and the same vector for each token of a text."""
        vectors = self.encode(texts, kind=kind)
        return vectors, [np.tile(vector, (self.tokens, 1)) for vector in vectors]


MODELS: Mapping[Any, Any] = {
    Ref[Encoder]: QuickEncoder(),
    Dense: QuickEncoder(),
    Ref[Scorer]: FakeScorer(),
    Ref[Writer]: FakeWriter(),
}
"""What stands for a model, by annotation."""


def tables(documents: int, queries: int, *, seed: int = 0) -> dict[type, Any]:
    """So many documents and queries, candidates and labels of each query, and a student."""
    draw = random.Random(seed)
    corpus = corpus_of(documents, draw)
    texts, ids = corpus["text"], corpus["doc_id"]
    sources = [draw.randrange(documents) for _ in range(queries)]
    asked = Queries.columns(
        query_id=[f"q{n}" for n in range(queries)],
        text=[" ".join(texts[row].split()[3:8]) + f" {n}" for n, row in enumerate(sources)],
        source_doc_id=[ids[row] for row in sources],
        split=["train"] * queries,
    )
    rows = [
        (f"q{n}", ids[(source + step * 7) % documents], step)
        for n, source in enumerate(sources)
        for step in range(min(CANDIDATES, documents))
    ]
    names, found, steps = (list(column) for column in zip(*rows, strict=True))
    values = [draw.random() for _ in rows]
    return {
        Corpus: corpus,
        Queries: asked,
        Candidates: Candidates.columns(
            query_id=names,
            doc_id=found,
            rank=[step + 1 for step in steps],
            score=[-float(step) for step in steps],
            is_source=[step == 0 for step in steps],
            miner=["made"] * len(rows),
        ),
        Labels: Labels.columns(
            query_id=names, doc_id=found, value=values, teacher=["made"] * len(rows)
        ),
        Qrels: Qrels.columns(
            query_id=[f"q{n}" for n in range(queries)],
            doc_id=[ids[row] for row in sources],
            grade=[1] * queries,
        ),
        Student: Student(encoder=typing.cast(Dense, QuickEncoder())),
    }


def corpus_of(documents: int, draw: random.Random) -> Corpus:
    """Documents of two sentences, a heading and a field, of words as frequent as in real text."""
    texts, titles = [], []
    for number in range(documents):
        words = [_word(draw) for _ in range(24)]
        first, second = " ".join(words[:12]), " ".join(words[12:])
        heading = f"## {words[0]} {words[13]} {number}\n" if number % 2 else ""
        texts.append(f"{heading}{first.capitalize()} {number}. {second.capitalize()}.")
        titles.append(f"{words[5]} {words[17]} {number}")
    return Corpus.columns(
        doc_id=[f"d{n}" for n in range(documents)],
        title=titles,
        text=texts,
        parent_id=[f"p{n // 4}" for n in range(documents)],
    )


def _word(draw: random.Random) -> str:
    """A word whose rank has a chance of about 1 / rank."""
    rank = int(WORDS ** draw.random())
    return "".join(chr(97 + rank // 26**place % 26) for place in range(4))
