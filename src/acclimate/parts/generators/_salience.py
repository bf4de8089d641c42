"""Salience: which words of a document somebody would search it by."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from acclimate.parts._words import Span, spans
from acclimate.parts.generators._language import Languages, function_words

_HIRAGANA = re.compile("[\u3041-\u309f]+")
_HAN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_PARTICLE = re.compile("[的是在了和与及或之也为以就而但被把对从到由其这那们]")
_PIECE_CHARACTERS = 4
_COUNTED = 50_000
_COMMON_SHARE = 0.25
_ENOUGH = 20
READ_CHARACTERS = 3_000


def term_spans(text: str) -> list[Span]:
    """Where the words are; long runs of Han characters are cut, at particles where there are."""
    if not _HAN.search(text):
        return spans(text)
    found = [(a, b) for a, b in spans(text) if not _HAN.fullmatch(text, a, b)]
    for run in _HAN.finditer(text):
        found.extend(_pieces(text, *run.span()) if len(run.group()) > 4 else [run.span()])
    return sorted(found)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    edges = [start - 1, *(m.start() for m in _PARTICLE.finditer(text, start, end)), end]
    for before, after in pairwise(edges):
        for a in range(before + 1, after, _PIECE_CHARACTERS):
            yield a, min(a + _PIECE_CHARACTERS, after)


class Salience:
    """Weights of words: (1 + ln tf) · idf · (1 + e^(−place/50)).

    idf is BM25's, counted over at most 50,000 documents evenly spaced; words of no other
    document weigh half (many are misspelt or numbers of some kind). Function words weigh
    nothing: those of the language's list, or, where there is no list and at least 20 documents,
    those that a quarter of the documents have. Only the first 3,000 characters of a document count.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, math.ceil(len(texts) / _COUNTED))
        counted = texts[::step]
        self.languages = Languages(texts)
        self._documents = len(counted)
        self._frequency: Counter[str] = Counter()
        for text in counted:
            self._frequency.update(
                {text[a:b].casefold() for a, b in term_spans(text[:READ_CHARACTERS])}
            )
        self._stop = lru_cache(maxsize=None)(self._stop_words)

    def idf(self, word: str) -> float:
        """ln(1 + (N − df + ½) / (df + ½))."""
        df = self._frequency[word]
        return math.log(1 + (self._documents - df + 0.5) / (df + 0.5))

    def is_function_word(self, word: str, language: str) -> bool:
        """Whether a word in small letters says nothing alone."""
        short = len(word) < 3 and word.isascii()
        return short or word in self._stop(language) or _HIRAGANA.fullmatch(word) is not None

    def terms(self, text: str) -> dict[str, tuple[Span, float]]:
        """The words worth searching by: where each stands first, and its weight."""
        language = self.languages.of(text)
        first: dict[str, Span] = {}
        counts: Counter[str] = Counter()
        places: dict[str, int] = {}
        for place, (a, b) in enumerate(term_spans(text[:READ_CHARACTERS])):
            word = text[a:b].casefold()
            if not word.isdigit() and not self.is_function_word(word, language):
                counts[word] += 1
                first.setdefault(word, (a, b))
                places.setdefault(word, place)
        return {
            word: (first[word], self._weight(word, counts[word], places[word])) for word in first
        }

    def _weight(self, word: str, count: int, place: int) -> float:
        rare = 0.5 if self._frequency[word] <= 1 < self._documents else 1.0
        return (1 + math.log(count)) * self.idf(word) * rare * (1 + math.exp(-place / 50))

    def _stop_words(self, language: str) -> frozenset[str]:
        listed = function_words(language)
        if listed or self._documents < _ENOUGH:
            return listed
        bar = _COMMON_SHARE * self._documents
        return frozenset(word for word, count in self._frequency.items() if count > bar)


def drawn(weights: Sequence[float], count: int, rng: np.random.Generator) -> list[int]:
    """`count` places drawn without repetition, with chances as `weights`, in order of place.

    A place of weight w gets the key ln(u)/w; the largest keys win (Efraimidis and Spirakis 2006).
    """
    weight = np.maximum(np.asarray(weights, dtype=float), 1e-9)
    keys = np.log(rng.random(len(weight))) / weight
    return sorted(np.argsort(-keys, kind="stable")[:count].tolist())
