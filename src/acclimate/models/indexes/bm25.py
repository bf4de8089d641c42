"""BM25: a lexical index over words, in any language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.indexes.encodes import Encodes
from acclimate.models.indexes.ranking import best, nothing, rated
from acclimate.models.indexes.words import Words, language_of
from acclimate.models.ref import Floats, Hits, Integers


@dataclass(frozen=True)
class BM25:
    """Okapi BM25 as in Lucene, computed by bm25s.

    Documents that share no word with the query are not found.

    Paper:   Robertson, Zaragoza, The Probabilistic Relevance Framework, FnTIR 2009;
             Kamphuis et al., Which BM25 Do You Mean?, ECIR 2020 (the variant "lucene").
    Code:    xhluca/bm25s.
    Differs: scripts without spaces are counted in pairs of characters.
    Cost:    the postings of the query's words.

    Args:
        k1: how soon more of the same word counts no more. Anserini: 0.9.
        b: how much long documents are held back, 0 to 1. Anserini: 0.4.
        language: ISO 639-1 code; "auto": found over a sample of the documents.
    """

    k1: float = 0.9
    b: float = 0.4
    language: str = "auto"

    def __post_init__(self) -> None:
        """Refuse settings outside the formula's range."""
        if self.k1 < 0 or not 0 <= self.b <= 1:
            raise ModelError(f"{self!r}: k1 must be at least 0 and b between 0 and 1.")
        if self.language != "auto":
            Words(self.language)

    def fingerprint(self) -> str:
        """Hash of the settings."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def build(self, documents: Sequence[str], engine: Encodes) -> LexicalIndex:
        """Count the words of all documents."""
        del engine
        language = language_of(documents) if self.language == "auto" else self.language
        return LexicalIndex(documents, Words(language), k1=self.k1, b=self.b)


class LexicalIndex:
    """BM25 scores of words in documents, word by word; use `BM25.build`."""

    def __init__(
        self, documents: Sequence[str], words: Words, *, k1: float = 0.9, b: float = 0.4
    ) -> None:
        self.words = words
        self.language = words.language
        self.documents = len(documents)
        ids = [words.read(text, grow=True) for text in documents]
        self._starts, self._rows, self._values = _scores(ids, words.size, k1, b)

    def search(self, queries: Sequence[str], depth: int) -> Hits:
        """The `depth` best documents of each query, best first; ties by row number."""
        hits = nothing(len(queries), depth)
        for query, scores in enumerate(self._all(queries)):
            found = np.flatnonzero(scores)
            rows, values = best(found, scores[found], depth)
            hits.positions[query, : len(rows)], hits.scores[query, : len(rows)] = rows, values
        return hits

    def rate(self, queries: Sequence[str], among: Integers) -> Hits:
        """Scores of given documents; 0 where no word is shared."""
        rows = zip(self._all(queries), among, strict=True)
        return rated(among, (scores[cells] for scores, cells in rows))

    def _all(self, queries: Sequence[str]) -> Iterator[Floats]:
        """Scores of all documents, query by query, in one array that is used again."""
        scores: Floats = np.zeros(self.documents, dtype=np.float32)
        for query in queries:
            scores.fill(0)
            for number in self.words.read(query, grow=False):
                part = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[part]] += self._values[part]
            yield scores


def _scores(
    ids: list[list[int]], words: int, k1: float, b: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Per word, the documents that hold it and its share of their score (a CSC matrix)."""
    if not any(ids):
        return (np.zeros(words + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    import bm25s

    model = bm25s.BM25(k1=k1, b=b, method="lucene", backend="numpy")
    vocabulary = {str(number): number for number in range(words)}
    model.index((ids, vocabulary), create_empty_token=False, show_progress=False)
    return model.scores["indptr"], model.scores["indices"], model.scores["data"]
