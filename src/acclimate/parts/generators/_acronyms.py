"""Acronyms and what they stand for, as documents say it: "light-emitting diode (LED)"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from acclimate.parts._words import Span, clean, normal, spans, words

_BRACKET = re.compile(r"[(\[]([^()\[\]\n]{2,80})[)\]]")
_SHORT = re.compile(r"[^\W_](?:[-./&]?[^\W_]){1,9}")
_LAST_WORD = re.compile(r"([^\W_][\w./&-]{1,9})\s*$")
_STOP = re.compile(r"[.;:!?](?=\s)|\n")
_SURE_SHARE = 0.8


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) for each "long form (SF)" and "SF (long form)" of a text.

    The letters of the short form stand in this order in the long one, the first at the beginning of
    a word; the long one has at most min(n + 5, 2 n) words of the short one's n letters. Of several
    such long forms it is the shortest (Schwartz and Hearst, PSB 2003).
    """
    for match in _BRACKET.finditer(text):
        inside = match.group(1).strip()
        sentence = _STOP.split(text[max(0, match.start() - 200) : match.start()])[-1]
        if is_short(inside):
            long = long_form(inside, sentence)
            if long is not None:
                yield inside, long
        elif (word := _LAST_WORD.search(sentence)) and is_short(word.group(1)):
            long = long_form(word.group(1), inside)
            if long is not None and normal(long) == normal(inside):
                yield word.group(1), long


def is_short(text: str) -> bool:
    """Whether a text looks like an acronym: one word of 2 to 10 characters, 2 of them capitals."""
    return _SHORT.fullmatch(text) is not None and sum(c.isupper() for c in text) > 1


def long_form(short: str, before: str) -> str | None:
    """The shortest end of a text that a short form can stand for; None where there is none."""
    place = len(before.rstrip())
    for number, letter in reversed(list(enumerate(short.casefold()))):
        if not letter.isalnum():
            continue
        place -= 1
        while place >= 0 and not (
            before[place].casefold() == letter
            and (number or not place or not before[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
    found = clean(before[place:])
    count = len(spans(found))
    letters = sum(c.isalnum() for c in short)
    fits = len(found) > len(short) and count <= min(letters + 5, 2 * letters)
    return found if fits and short.casefold() not in words(found) else None


class Acronyms:
    """What the acronyms of a corpus stand for.

    A document's own definition counts for it. Elsewhere an acronym stands for what four fifths of
    the documents that define it say, and for nothing where they do not agree.

    Args:
        texts: the documents.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.own = [dict(definitions(text)) for text in texts]
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        surface: dict[str, str] = {}
        for found in self.own:
            for short, long in found.items():
                counts[short][_same(long)] += 1
                surface.setdefault(_same(long), long)
        self.definers = {short: count.total() for short, count in counts.items()}
        self.agreed: dict[str, str] = {}
        for short, count in counts.items():
            long, times = count.most_common(1)[0]
            if times >= _SURE_SHARE * count.total():
                self.agreed[short] = surface[long]
        self._longs: defaultdict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for short, long in self.agreed.items():
            wording = _same(long).split()
            self._longs[wording[0]].append((wording, short))

    @property
    def ambiguous(self) -> int:
        """How many acronyms have several meanings, none of which is the rule."""
        return len(self.definers) - len(self.agreed)

    def meaning(self, row: int, short: str) -> str | None:
        """What an acronym stands for in a document; None where nobody knows."""
        return self.own[row].get(short) or self.agreed.get(short)

    def uses(self, row: int, text: str) -> Iterator[tuple[Span, str]]:
        """Where a text of a document has a term, and the other form of it."""
        places = spans(text)
        parts = [(p, at) for at, (a, b) in enumerate(places) for p in _same(text[a:b]).split()]
        for a, b in places:
            if is_short(text[a:b]) and (meaning := self.meaning(row, text[a:b])):
                yield (a, b), meaning
        for start, (part, at) in enumerate(parts):
            for wording, short in self._longs.get(part, ()):
                run = parts[start : start + len(wording)]
                if [word for word, _ in run] == wording:
                    yield (places[at][0], places[run[-1][1]][1]), short


def _same(text: str) -> str:
    """A wording without hyphens, capitals and the plural's s."""
    own = normal(text.replace("-", " ")).split()
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in own)
