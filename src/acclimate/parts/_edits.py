"""Edits: questions that differ by a few words, without comparing all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from acclimate.parts._words import words

_LONGEST = 24
_LOOKED_AT = 16

Words = tuple[str, ...]


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words must be put in, taken out or exchanged to make one text the other.

    Example:
        >>> distance("largest city of Peru".split(), "capital city of Peru now".split())
        2
    """
    before = list(range(len(other) + 1))
    for row, word in enumerate(one, 1):
        here = [row]
        for column, another in enumerate(other, 1):
            exchanged = before[column - 1] + (word != another)
            here.append(min(exchanged, before[column] + 1, here[-1] + 1))
        before = here
    return before[-1]


class Edits:
    """Which texts are a few edits of words from which others, and have a word in common with them.

    Two texts that are k edits apart have a text in common that is left when at most k words of each
    are taken out, so that only texts which share such a rest are compared. Of a rest that very many
    share, as of questions of one shape, some are looked at.

    Args:
        texts: in an order of chance, which decides what is looked at first.
        at_most_edits: of words. Longer texts than 24 words have no near ones.

    Example:
        >>> told = Edits(["capital of Peru", "largest city of Peru", "capital of Chile"], 1)
        >>> list(told.of(0))
        [2]
    """

    def __init__(self, texts: Sequence[str], at_most_edits: int) -> None:
        self._words = [tuple(words(text)) for text in texts]
        self._most = at_most_edits
        self._rests: dict[Words, list[int]] = defaultdict(list)
        for row, own in enumerate(self._words):
            for rest in self._left(own):
                self._rests[rest].append(row)

    def of(self, row: int) -> Iterator[int]:
        """The rows of the texts near one, each once, but those of the same words."""
        own, seen = self._words[row], {row}
        for rest in self._left(own):
            sharing = self._rests[rest]
            start = sharing.index(row) if len(sharing) <= _LOOKED_AT else row % len(sharing)
            for step in range(min(len(sharing), _LOOKED_AT)):
                other = sharing[(start + step) % len(sharing)]
                if other not in seen:
                    seen.add(other)
                    if 0 < distance(own, self._words[other]) <= self._most:
                        yield other

    def _left(self, own: Words) -> Iterator[Words]:
        """What is left of a text when few of its words are taken out; the longest rests first."""
        if len(own) > _LONGEST:
            return
        rests = (
            rest
            for gone in range(min(self._most, len(own) - 1) + 1)
            for rest in combinations(own, len(own) - gone)
        )
        yield from dict.fromkeys(rests)
