"""Words and sentences of any script, without a model: what extractive generators and filters cut.

Scripts without spaces (Han, kana, Thai, Lao, Khmer, Burmese) are cut where the script changes;
there a run of characters is a word, and its length counts.
"""

# ruff: noqa: RUF001 (punctuation of other scripts is meant)

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

Span = tuple[int, int]
"""Start and end of a piece of a text, as of a slice."""

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HIRAGANA = "\u3040-\u309f"
_KATAKANA = "\u30a0-\u30ff\uff66-\uff9f"
_SOUTHEAST = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_LETTER = rf"(?:[^\W_{_HAN}{_HIRAGANA}{_KATAKANA}{_SOUTHEAST}]|[{_MARKS}])"
_WORD = re.compile(
    rf"[{_HAN}]{{1,8}}|[{_KATAKANA}]{{1,16}}|[{_HIRAGANA}]{{1,16}}|[{_SOUTHEAST}]{{1,16}}"
    rf"|{_LETTER}+(?:[-'’]{_LETTER}+)*"
)
_UNSPACED = re.compile(rf"[{_HAN}{_HIRAGANA}{_KATAKANA}{_SOUTHEAST}]")
_HAN_RUN = re.compile(rf"[{_HAN}]")

_FULL_STOP = re.compile(r"\.+[\"'”’»)\]]*(?=\s)|[!?…]+[\"'”’»)\]]*(?=\s)")
_WIDE_STOP = re.compile(r"[。！？｡．؟۔।॥]+[」』）”’\"']*")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_START = re.compile(r"\s*(?:[-*•–‣·|#>+]|\d{1,3}[.)]\s|[=~\-]{3,})")
_OWN_LINE = re.compile(r"\s*(?:\||>>>)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|cf|al|approx|Fig|fig|Eq|eq|No|no|vol|pp|Inc|Ltd|Co|"
    r"Nr|bzw|ca|usw|Abb|Hr|Fr|sog|env|Sr|Sra|resp|Ph|Jr)|\b[A-Za-zÀ-ž]|\b(?:e\.g|i\.e|z\.B|d\.h|"
    r"u\.a|U\.S|p\.ex))$"
)
_CLAUSE = re.compile(r"[,;:—–、，；：)]\s*$|\s[-–—]\s*$")
_MARKUP = re.compile(r"[|<>\\]+|[=~\-]{3,}")
_SILENT_MARKUP = re.compile(r"`+|\*{2,}|(?<!\w)[*_#]+|[*_#]+(?!\w)")
_EDGE = " \t\n\r.,;:!?…。！？、，；：؟۔।|-–—•·\"'“”‘’«»「」『』"

LONGEST_SENTENCE_WORDS = 48


def spans(text: str) -> list[Span]:
    """Where the words of a text are. A run of a script without spaces is one word."""
    return [match.span() for match in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [match.group().casefold() for match in _WORD.finditer(text)]


def length_words(text: str) -> int:
    """How long a text is in words.

    Two Han characters, or three of another script without spaces, count as one word.
    """
    return sum(_length(match.group()) for match in _WORD.finditer(text))


def normal(text: str) -> str:
    """What two texts share that people would call the same: words in small letters."""
    return " ".join(words(unicodedata.normalize("NFKC", text)))


def clean(text: str) -> str:
    """A piece of a document as somebody would type it: no markup, no line breaks, no full stop."""
    return " ".join(_MARKUP.sub(" ", _SILENT_MARKUP.sub("", text)).split()).strip(_EDGE)


def unspaced(text: str) -> bool:
    """Whether a text has characters of a script without spaces."""
    return _UNSPACED.search(text) is not None


def sentences(text: str) -> list[Span]:
    """Where the sentences of a text are, in order and without overlap.

    Full stops of any script end a sentence, and so do blank lines, list items, table rows and
    short lines; line breaks inside a wrapped paragraph do not. What is longer than 48 words is
    cut, at a comma where there is one, so that texts without punctuation have sentences too.
    """
    cuts = sorted({0, len(text), *_stops(text), *_line_cuts(text)})
    found: list[Span] = []
    for start, end in pairwise(cuts):
        inside = [(start + a, start + b) for a, b in spans(text[start:end])]
        if inside:
            found.extend(_shortened(text, _trimmed(text, start, end), inside))
    return found


def _length(word: str) -> int:
    if _HAN_RUN.match(word):
        return math.ceil(len(word) / 2)
    return math.ceil(len(word) / 3) if _UNSPACED.match(word) else 1


def _trimmed(text: str, start: int, end: int) -> Span:
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return start, end


def _stops(text: str) -> Iterator[int]:
    cased = any(c.isupper() for c in text)
    for match in _FULL_STOP.finditer(text):
        following = text[match.end() : match.end() + 40].lstrip()[:1]
        detached = text[match.start() - 1 : match.start()].isspace()
        starts = detached or not cased or not following.islower()
        if starts and (
            match.group()[0] != "."
            or detached
            or not _ABBREVIATION.search(text, max(0, match.start() - 8), match.start())
        ):
            yield match.end()
    for match in _WIDE_STOP.finditer(text):
        yield match.end()


def _line_cuts(text: str) -> Iterator[int]:
    for match in _BLANK_LINE.finditer(text):
        yield match.start()
    lines = text.split("\n")
    longest = max(len(line) for line in lines)
    position = 0
    for line, following in pairwise(lines):
        position += len(line) + 1
        short = len(line) < 0.6 * longest and not following.strip()[:1].islower()
        if short or _LINE_START.match(following) or _OWN_LINE.match(line):
            yield position


def _shortened(text: str, sentence: Span, inside: list[Span]) -> Iterator[Span]:
    sizes = np.cumsum([_length(text[a:b]) for a, b in inside])
    start, first, before = sentence[0], 0, 0
    while sizes[-1] - before > LONGEST_SENTENCE_WORDS:
        fit = int(np.searchsorted(sizes, before + LONGEST_SENTENCE_WORDS, side="right"))
        following = _clause_end(text, inside, first, max(fit, first + 1))
        if following >= len(inside):
            break
        yield _trimmed(text, start, inside[following][0])
        start, first, before = inside[following][0], following, int(sizes[following - 1])
    yield start, sentence[1]


def _clause_end(text: str, inside: list[Span], first: int, fit: int) -> int:
    """Which word begins the next piece: after the last comma in the second half, else `fit`."""
    for word in range(min(fit, len(inside) - 1), (first + fit) // 2, -1):
        if _CLAUSE.search(text, inside[word - 1][1], inside[word][0]):
            return word
    return fit
