"""Fakes: models and an engine without weights, for tests of parts and for dry runs.

They are refs like the real ones, answer in microseconds, and what they say can be worked out by
hand from the words of the texts. A word is a run of letters or digits in small letters.

Example:
    >>> from acclimate.testing.fakes import FakeEngine, FakeIndex, FakeScorer
    >>> engine = FakeEngine()
    >>> engine.score(FakeScorer(), ["warm milk"], ["keep the milk warm"]).tolist()
    [2.0]
    >>> engine.search(FakeIndex(), ["cold milk", "warm milk"], ["warm"], depth=1).positions.tolist()
    [[1]]
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acclimate.engines.engine import Engine, IndexRef
from acclimate.models.ref import (
    Encoder,
    Floats,
    Hits,
    Index,
    Integers,
    Kind,
    Ref,
    Scorer,
    Writer,
    Written,
)

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text as the fakes see them."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, kw_only=True)
class FakeEncoder:
    """An encoder whose vector of a text is the sum of its words' vectors, at length one.

    A word's vector has entries ±1/√dimension drawn by its hash: two words are almost at right
    angles, so the cosine of two texts grows with the words they share.

    Args:
        dimension: entries of a vector; a multiple of 8.
        normalised: whether sentence vectors have length one. Else they have length `norm`.
        norm: length of a sentence vector when not normalised.
        salt: fakes with another salt have other vectors.
    """

    dimension: int = 256
    normalised: bool = True
    norm: float = 10.0
    salt: str = ""

    def open(self, device: str) -> FakeEncoder:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def count_tokens(self, texts: Sequence[str]) -> Integers:
        """Words of each text, at least one."""
        return _lengths(texts)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Floats:
        """One vector per text, (N, D) float32."""
        return self.encode_tokens(texts, kind=kind)[0]

    def encode_tokens(self, texts: Sequence[str], *, kind: Kind) -> tuple[Floats, list[Floats]]:
        """Sentence vectors (N, D), and per text its word vectors (L, D)."""
        del kind
        tokens = [np.stack([self._vector(w) for w in words(t) or [""]]) for t in texts]
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, vectors in enumerate(tokens):
            sums[row] = vectors.sum(axis=0)
        lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        scale = 1.0 if self.normalised else self.norm
        return (sums / lengths * scale).astype(np.float32), tokens

    def _vector(self, word: str) -> Floats:
        digest = hashlib.shake_128(f"{self.salt} {word}".encode()).digest(self.dimension // 8)
        signs = np.unpackbits(np.frombuffer(digest, dtype=np.uint8)).astype(np.float32) * 2 - 1
        return np.asarray(signs / np.sqrt(self.dimension), dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class FakeScorer:
    """A scorer that counts the distinct words of the query that the document has.

    Args:
        weight: score of one shared word.
        bias: score of a pair that shares none.
    """

    weight: float = 1.0
    bias: float = 0.0

    def open(self, device: str) -> FakeScorer:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def count_tokens(self, queries: Sequence[str], documents: Sequence[str]) -> Integers:
        """Words of each pair."""
        return _lengths(queries) + _lengths(documents)

    def score(self, queries: Sequence[str], documents: Sequence[str]) -> Floats:
        """One score per pair, (N,) float32."""
        shared = [_shared(q, d) for q, d in zip(queries, documents, strict=True)]
        return np.asarray(shared, dtype=np.float32) * np.float32(self.weight) + np.float32(
            self.bias
        )


@dataclass(frozen=True, kw_only=True)
class FakeWriter:
    """A writer that copies words of the prompt: text j has the words j, j+1, … of it.

    Its log-probability is −0.5 for the first text, −1 for the second, and so on.

    Args:
        length_words: words of each text.
        step_words: how far text j+1 starts behind text j; 0 repeats the first words each time.
    """

    length_words: int = 4
    step_words: int = 1

    def open(self, device: str) -> FakeWriter:
        """Itself: there are no weights."""
        del device
        return self

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Words of each prompt."""
        return _lengths(prompts)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """`count` texts for each prompt; the seed changes nothing."""
        del seed
        return [[self._text(words(prompt), j) for j in range(count)] for prompt in prompts]

    def _text(self, of: list[str], j: int) -> Written:
        start = j * self.step_words
        text = " ".join(of[start : start + self.length_words])
        return Written(text, log_prob=-0.5 * (j + 1))


@dataclass(frozen=True, kw_only=True)
class FakeIndex:
    """An index as a value: a document's score is the number of distinct query words it has.

    Args:
        salt: fakes with another salt have another fingerprint.
    """

    salt: str = ""

    def fingerprint(self) -> str:
        """Its settings."""
        return repr(self)

    def build(self, documents: Sequence[str], engine: Engine) -> WordIndex:
        """Make the documents searchable."""
        del engine
        return WordIndex(tuple(documents))


@dataclass(frozen=True)
class WordIndex:
    """The documents of a `FakeIndex`."""

    documents: tuple[str, ...]

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        everything = np.tile(np.arange(len(self.documents)), (len(queries), 1))
        scores = self.rate(queries, everything).scores
        order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
        short = max(0, depth - len(self.documents))
        return Hits(
            np.pad(order, ((0, 0), (0, short)), constant_values=-1).astype(np.int64),
            np.pad(
                np.take_along_axis(scores, order, axis=1),
                ((0, 0), (0, short)),
                constant_values=-np.inf,
            ),
        )

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents, in the given order."""
        scores = np.full(among.shape, -np.inf, dtype=np.float32)
        for row, query in enumerate(queries):
            for column, position in enumerate(among[row]):
                if position >= 0:
                    scores[row, column] = _shared(query, self.documents[position])
        return Hits(np.asarray(among, dtype=np.int64), scores)


@dataclass
class FakeEngine:
    """An engine that keeps nothing on disk and calls each model once per verb.

    Args:
        device: handed to the refs.
        calls: how many texts, pairs, prompts or queries each verb has been asked for.
    """

    device: str = "cpu"
    calls: Counter[str] = field(default_factory=Counter)
    _built: dict[tuple[str, tuple[str, ...]], Index] = field(default_factory=dict, repr=False)

    def encode(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Floats:
        """Texts to sentence vectors, (N, D) float32."""
        self.calls["encode"] += len(texts)
        return encoder.open(self.device).encode(texts, kind=kind)

    def encode_tokens(
        self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind
    ) -> list[Floats]:
        """Texts to token vectors."""
        self.calls["encode_tokens"] += len(texts)
        return encoder.open(self.device).encode_tokens(texts, kind=kind)[1]

    def encode_terms(self, encoder: Ref[Encoder], texts: Sequence[str], *, kind: Kind) -> Any:
        """Texts to weights of words, a CSR matrix (N, V)."""
        from scipy.sparse import csr_matrix

        self.calls["encode_terms"] += len(texts)
        return csr_matrix(encoder.open(self.device).encode(texts, kind=kind))

    def score(
        self, scorer: Ref[Scorer], queries: Sequence[str], documents: Sequence[str]
    ) -> Floats:
        """Teacher scores of pairs, (N,) float32."""
        self.calls["score"] += len(queries)
        return scorer.open(self.device).score(queries, documents)

    def write(
        self, writer: Ref[Writer], prompts: Sequence[str], *, count: int, seed: int
    ) -> list[list[Written]]:
        """`count` texts per prompt."""
        self.calls["write"] += len(prompts)
        return writer.open(self.device).write(prompts, count=count, seed=seed)

    def keep(
        self, name: str, texts: Sequence[str], make: Callable[[], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """What an index makes of documents, made each time."""
        del name, texts
        return make()

    def search(
        self,
        index: IndexRef,
        documents: Sequence[str],
        queries: Sequence[str],
        *,
        depth: int = 10,
        among: Integers | None = None,
    ) -> Hits:
        """Ranked documents of each query; or, with `among`, the scores of those documents."""
        self.calls["search"] += len(queries)
        key = (index.fingerprint(), tuple(documents))
        if key not in self._built:
            self._built[key] = index.build(documents, self)
        built = self._built[key]
        return built.search(queries, depth) if among is None else built.rate(queries, among)


def _lengths(texts: Sequence[str]) -> Integers:
    return np.asarray([max(1, len(words(t))) for t in texts], dtype=np.int64)


def _shared(query: str, document: str) -> int:
    return len(set(words(query)) & set(words(document)))
