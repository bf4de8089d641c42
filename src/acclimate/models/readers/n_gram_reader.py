"""NGramReader: an exact language model of each document, by counting its words.

Shapes: K documents, W words of them, one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.ranking import best, nothing, rated
from acclimate.models.indexes.words import split
from acclimate.models.ref import Hits, Integers

Values = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class NGramReader:
    """The likelihood of a text under each document: the smallest reader, with no weights.

    p(w | d)    = (1 − smoothing) · tf(w, d) / |d| + smoothing · p(w | corpus)
    p(w | v, d) = bigrams · c(v w, d) / c(v ·, d) + (1 − bigrams) · p(w | d)

    The second holds after a word v that d goes on from, and only with bigrams above 0. An empty
    document is no evidence: its p(w | d) is p(w | corpus). A score is the log-likelihood (nats) of
    the text's words, or its mean. It is an index as well: built over documents, it rates them.

    Paper:   Ponte, Croft, A Language Modeling Approach to Information Retrieval, SIGIR 1998; Zhai,
             Lafferty, A Study of Smoothing Methods for Language Models Applied to Ad Hoc
             Information Retrieval, SIGIR 2001 (Jelinek-Mercer).
    Code:    none followed.
    Differs: p(w | corpus) = (cf(w) + 1) / (words + vocabulary + 1), so that words that no document
             has are possible; words are those of the lexical indexes.
    Cost:    to rate: words of the text times words of the documents rated. To search: the same with
             all documents, so that BM25 finds faster.

    Args:
        smoothing: share of the corpus in p(w | d), above 0 and up to 1.
        bigrams: share of pairs of words, 0 up to below 1.
        per_token: whether a score is the mean over the words of the text, and not their sum.
        together: whether documents that are rated for a text are read as one, whose score they
            share; pairs of words do not go on from one into the next.
    """

    smoothing: float = 0.5
    bigrams: float = 0.0
    per_token: bool = True
    together: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no distribution, or makes a text impossible."""
        if not 0 < self.smoothing <= 1 or not 0 <= self.bigrams < 1:
            raise ModelError(
                f"{self!r}: smoothing must be above 0 and at most 1, bigrams at least 0 and below "
                "1; otherwise a text with a word that a document lacks would be impossible."
            )

    def fingerprint(self) -> str:
        """Hash of the settings."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> NGramIndex:
        """Count the words of all documents."""
        del engine
        return NGramIndex(documents, self)


class NGramIndex:
    """The words of all documents; use `NGramReader.build`."""

    def __init__(self, documents: Sequence[str], reader: NGramReader) -> None:
        self.reader = reader
        self._numbers: dict[str, int] = {}
        read = [
            [self._numbers.setdefault(word, len(self._numbers)) for word in split(text)]
            for text in documents
        ]
        self._lengths = np.fromiter(map(len, read), dtype=np.int64, count=len(read))
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._words = np.fromiter(
            (word for text in read for word in text), dtype=np.int32, count=self._lengths.sum()
        )
        counts = np.bincount(self._words, minlength=len(self._numbers) + 1) + 1
        self._corpus = counts / counts.sum()  # the last one, at -1, of words nobody has

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` likeliest documents of each query, best first; ties by row number."""
        hits, everything = nothing(len(queries), depth), np.arange(len(self._lengths))
        for row, query in enumerate(queries):
            scores = self.likelihoods(query, everything).astype(np.float32)
            rows, values = best(everything, scores, depth)
            hits.positions[row, : len(rows)], hits.scores[row, : len(rows)] = rows, values
        return hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """How likely each query is under given documents."""
        if self.reader.together:
            lists = (rows[rows >= 0] for rows in among)
            values = (self._together(q, rows) for q, rows in zip(queries, lists, strict=True))
            return rated(among, (value.astype(np.float32) for value in values))
        cells = zip(queries, np.maximum(among, 0), strict=True)
        return rated(
            among, (self.likelihoods(query, rows).astype(np.float32) for query, rows in cells)
        )

    def likelihoods(self, text: str, rows: Integers) -> Values:
        """Log-likelihood of a text under each of these documents, (K,) float64."""
        return self._likelihoods(text, self._read(rows))

    def _together(self, text: str, rows: Integers) -> Values:
        """The same under all of them as one, (1,)."""
        read = self._read(rows)
        return self._likelihoods(text, replace(read, lengths=read.lengths.sum(keepdims=True)))

    def _likelihoods(self, text: str, read: _Read) -> Values:
        numbers = [self._numbers.get(word, -1) for word in split(text)]
        total, before = np.zeros(len(read.lengths)), np.zeros(len(read.words), dtype=bool)
        for number in numbers:
            here = read.words == number
            chance = self._single(number, here, read)
            if self.reader.bigrams and before.any():
                chance = self._after(before, here, chance, read)
            total += np.log(chance)
            before = here
        return total / max(len(numbers), 1) if self.reader.per_token else total

    def _single(self, number: int, here: Mask, read: _Read) -> Values:
        """p(w | d), (K,)."""
        own = np.where(read.lengths > 0, 1 - self.reader.smoothing, 0.0)
        share = read.counted(here) / np.maximum(read.lengths, 1)
        return np.asarray((1 - own) * self._corpus[number] + own * share)

    def _after(self, before: Mask, here: Mask, single: Values, read: _Read) -> Values:
        """p(w | v, d), (K,): p(w | d) where the document does not go on from v."""
        goes_on = before & ~read.ends
        pairs = np.zeros_like(here)
        pairs[1:] = goes_on[:-1] & here[1:]
        count = read.counted(goes_on)
        mixed = self.reader.bigrams * read.counted(pairs) / np.maximum(count, 1)
        return np.asarray(np.where(count > 0, mixed + (1 - self.reader.bigrams) * single, single))

    def _read(self, rows: Integers) -> _Read:
        lengths = self._lengths[rows]
        ends = np.cumsum(lengths)
        place = np.arange(lengths.sum()) - np.repeat(ends - lengths, lengths)
        words = self._words[np.repeat(self._starts[rows], lengths) + place]
        return _Read(words, lengths, place == np.repeat(lengths, lengths) - 1)


@dataclass(frozen=True, eq=False)
class _Read:
    """Some documents.

    Args:
        words: of all of them, (W,).
        lengths: words of each, (K,).
        ends: whether a word is the last of its document, (W,).
    """

    words: Integers
    lengths: Integers
    ends: Mask

    def counted(self, chosen: Mask) -> Integers:
        """How many of the words chosen (W,) each document has, (K,)."""
        reached = np.concatenate([[0], np.cumsum(chosen)])
        ends = np.cumsum(self.lengths)
        return np.asarray(reached[ends] - reached[ends - self.lengths], dtype=np.int64)
