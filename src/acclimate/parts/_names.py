"""Names: where a text has names, dates and numbers, told by capitals and digits."""

from __future__ import annotations

import re

from acclimate.parts._words import Span, spans

_BETWEEN_WORDS = re.compile(r"[ \u00a0-]")
_BETWEEN_DIGITS = re.compile(r"[.,:/-]")


def salient(sentence: str, silent: frozenset[str] = frozenset()) -> list[Span]:
    """Where the names, dates and numbers of a sentence are.

    Args:
        sentence: one.
        silent: words in small letters that are no names, whatever their first letter.

    Example:
        >>> text = "After the war Marie Curie had 1,200 francs"
        >>> [text[a:b] for a, b in salient(text)]
        ['Marie Curie', '1,200']
    """
    places = spans(sentence)
    told = [_tells(sentence[a:b], silent) for a, b in places]
    runs: list[list[int]] = []
    for number, tells in enumerate(told):
        if tells and runs and runs[-1][-1] == number - 1 and _touch(sentence, places, number):
            runs[-1].append(number)
        elif tells:
            runs.append([number])
    return [
        (places[run[0]][0], places[run[-1]][1])
        for run in runs
        if run != [0] or _surely(sentence[places[0][0] : places[0][1]])
    ]


def _tells(word: str, silent: frozenset[str]) -> bool:
    return any(c.isdigit() for c in word) or (
        word[0].isupper() and len(word) > 1 and word.casefold() not in silent
    )


def _surely(word: str) -> bool:
    """Whether a first word is a name or a number, and not just the beginning of a sentence."""
    return any(c.isdigit() for c in word) or word[1:].lower() != word[1:]


def _touch(sentence: str, places: list[Span], number: int) -> bool:
    """Whether a word and the one before it are one name or number."""
    before, here = places[number - 1], places[number]
    gap = sentence[before[1] : here[0]]
    if _BETWEEN_DIGITS.fullmatch(gap):
        return sentence[before[1] - 1].isdigit() and sentence[here[0]].isdigit()
    return _BETWEEN_WORDS.fullmatch(gap) is not None
