"""Suffixes: where a run of words stands in many texts, found without reading them again.

Shapes: T words of all texts, with one more at the end of each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from acclimate.models.ref import Integers
from acclimate.parts._words import words


class Run(NamedTuple):
    """A run of a text's words that stands elsewhere too.

    Args:
        start: its first word in the text that was asked about.
        length: in words.
        text: the row of the first text that has it.
    """

    start: int
    length: int
    text: int


class Suffixes:
    """A suffix array: every place of some texts, in the order of the words that follow it.

    Sorted by prefix doubling (Manber, Myers, SIAM Journal on Computing 1993), up to runs of
    `at_most_words`. A run ends at the end of its text.

    Args:
        texts: those that are searched.
        at_most_words: longest run that is told from a longer one.

    Example:
        >>> told = Suffixes(["keep warm milk and honey", "warm milk"])
        >>> told.longest("bread, warm milk and salt")
        Run(start=1, length=3, text=0)
        >>> told.count("warm milk".split())
        2
    """

    def __init__(self, texts: Sequence[str], *, at_most_words: int = 64) -> None:
        self.at_most_words = at_most_words
        self._codes: dict[str, int] = {}
        told, text_of = [], []
        for row, text in enumerate(texts):
            own = [self._codes.setdefault(word, len(self._codes)) for word in words(text)]
            told += [*own, -1 - row]  # the end of a text is like no other
            text_of += [row] * (len(own) + 1)
        self._words = np.asarray(told, dtype=np.int64)
        self._text_of = np.asarray(text_of, dtype=np.int64)
        self._order = _sorted(self._words, at_most_words)

    def __len__(self) -> int:
        """Words of all texts."""
        return len(self._words) - len(np.unique(self._text_of))

    def count(self, run: Sequence[str]) -> int:
        """How often a run of words in small letters stands in the texts."""
        start, end = 0, len(self._order)
        for offset, word in enumerate(run):
            start, end = self._narrowed(start, end, offset, self._codes.get(word))
        return end - start

    def runs(self, text: str) -> list[Run]:
        """The runs of a text that stand in the texts and lie in no longer one, in order."""
        found: list[Run] = []
        own = words(text)
        for start in range(len(own)):
            run = self._from(own, start)
            if run.length and (
                not found or start + run.length > found[-1].start + found[-1].length
            ):
                found.append(run)
        return found

    def longest(self, text: str) -> Run:
        """The longest run of a text that stands in the texts, the first of equals; of length 0."""
        return max(self.runs(text), key=lambda run: run.length, default=Run(0, 0, -1))

    def _from(self, own: list[str], first: int) -> Run:
        """The longest run that begins at a word."""
        start, end, length = 0, len(self._order), 0
        for offset, word in enumerate(own[first : first + self.at_most_words]):
            inner = self._narrowed(start, end, offset, self._codes.get(word))
            if inner[0] == inner[1]:
                break
            (start, end), length = inner, offset + 1
        text = int(self._text_of[self._order[start:end]].min()) if length else -1
        return Run(first, length, text)

    def _narrowed(self, start: int, end: int, offset: int, code: int | None) -> tuple[int, int]:
        """Of places that agree in `offset` words those whose next one is this too."""
        if code is None:
            return start, start

        def following(place: int) -> int:
            return int(self._words[self._order[place] + offset])

        places = range(start, end)
        return (
            start + bisect_left(places, code, key=following),
            start + bisect_right(places, code, key=following),
        )


def _sorted(codes: Integers, length: int) -> Integers:
    """The places in the order of the words that follow, `length` of them or more, (T,)."""
    if not len(codes):
        return np.empty(0, dtype=np.int64)
    rank = np.unique(codes, return_inverse=True)[1].reshape(-1).astype(np.int64)
    order = np.argsort(rank, kind="stable")
    done = 1
    while done < length and rank.max() < len(codes) - 1:
        behind = np.full(len(codes), -1, dtype=np.int64)
        behind[:-done] = rank[done:]
        order = np.lexsort((behind, rank))
        steps = (np.diff(rank[order]) > 0) | (np.diff(behind[order]) != 0)
        rank[order] = np.concatenate([[0], np.cumsum(steps)])
        done *= 2
    return np.asarray(order, dtype=np.int64)
