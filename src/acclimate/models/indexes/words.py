"""Words: what a text is counted in by a lexical index, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from acclimate.errors import ModelError, near_miss

SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""ISO 639-1 code -> Snowball stemmer."""

STOP_WORDS = {
    "da": "DANISH", "de": "GERMAN", "en": "EN", "es": "SPANISH", "fr": "FRENCH", "it": "ITALIAN",
    "nb": "NORWEGIAN", "nl": "DUTCH", "nn": "NORWEGIAN", "no": "NORWEGIAN", "pt": "PORTUGUESE",
    "ru": "RUSSIAN", "sv": "SWEDISH", "tr": "TURKISH",
}  # fmt: skip
"""ISO 639-1 code -> list of bm25s."""

UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1100, 0x11FF),  # Hangul letters
    (0x3005, 0x3007),  # iteration marks
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # Hangul syllables
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x3FFFF),  # Han, rare
)
"""Code points of scripts whose words are not set apart by spaces (or, in Korean, are inflected
by what follows them)."""


ASCII = re.compile(r"\w+", re.ASCII)


def language_of(texts: Sequence[str], *, sample: int = 64) -> str:
    """The language most of the texts are in, as ISO 639-1; found over an even sample."""
    import py3langid

    step = max(1, len(texts) // sample)
    seen = [text[:1000] for text in texts[::step][:sample] if text.strip()]
    votes = Counter(py3langid.classify(text)[0] for text in seen)
    return min(votes, key=lambda code: (-votes[code], code), default="en")


class Words:
    """Splits texts into the words a lexical index counts, as numbers that grow as words come.

    Words are lower-case, without stop words, and reduced to their stem where Snowball knows the
    language. Scripts that set no spaces between words are counted in pairs of characters.

    Args:
        language: ISO 639-1 code.

    Raises:
        ModelError: when the code is not one of two letters.
    """

    def __init__(self, language: str) -> None:
        if not re.fullmatch("[a-z]{2}", language):
            raise ModelError(
                f"language={language!r} is not an ISO 639-1 code.{near_miss(language, SNOWBALL)}"
            )
        self.language = language
        self.size = 0
        self._numbers: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem = _stemmer(language)
        self._stop = _stop_words(language)

    def read(self, text: str, *, grow: bool) -> list[int]:
        """Numbers of the words of a text; with `grow`, words not seen before get new ones."""
        numbers = (self._number(word, grow=grow) for word in split(text))
        return [number for number in numbers if number >= 0]

    def unknown(self, text: str) -> int:
        """How many words of a text, stop words apart, were never read with `grow`."""
        words = [word for word in split(text) if word not in self._stop]
        return sum(self._number(word, grow=False) < 0 for word in words)

    def _number(self, word: str, *, grow: bool) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = -1 if word in self._stop else self._stem_number(self._stem(word), grow=grow)
            if grow:
                self._numbers[word] = number
        return number

    def _stem_number(self, stem: str, *, grow: bool) -> int:
        if grow:
            number = self._stems.setdefault(stem, self.size)
            self.size = len(self._stems)
            return number
        return self._stems.get(stem, -1)


def split(text: str) -> list[str]:
    """Lower-case words of two letters or more; pairs of characters in scripts without spaces."""
    found = _words_of(text)
    if text.isascii() or not _unspaced_pattern().search(text):
        return [word for word in found if len(word) > 1]
    words: list[str] = []
    for word in found:
        if _unspaced_pattern().search(word):
            words += _pairs(word)
        elif len(word) > 1:
            words.append(word)
    return words


def _words_of(text: str) -> list[str]:
    if text.isascii():
        return ASCII.findall(text.lower())
    return _word_pattern().findall(unicodedata.normalize("NFC", text).lower())


def _pairs(word: str) -> list[str]:
    """`東京都` -> 東京, 京都; a lone character stays; what stands between stays whole."""
    pieces = []
    for run in _unspaced_pattern().split(word):
        if _unspaced_pattern().fullmatch(run):
            pieces += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
        elif len(run) > 1:
            pieces.append(run)
    return pieces


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    """Letters, digits and underscores, and the marks that letters of many scripts carry.

    Python's own word class has no marks and would cut Hindi and Thai words to pieces.
    """
    marks = [c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M"]
    return re.compile(rf"[\w{''.join(marks)}]+")


@lru_cache(maxsize=1)
def _unspaced_pattern() -> re.Pattern[str]:
    return re.compile("([" + "".join(f"{chr(a)}-{chr(b)}" for a, b in UNSPACED) + "]+)")


def _stemmer(language: str) -> Callable[[str], str]:
    import Stemmer

    name = SNOWBALL.get(language)
    if name not in Stemmer.algorithms():
        return str
    stem: Callable[[str], str] = Stemmer.Stemmer(name).stemWord
    return stem


def _stop_words(language: str) -> frozenset[str]:
    from bm25s import stopwords

    name = STOP_WORDS.get(language)
    return frozenset(getattr(stopwords, f"STOPWORDS_{name}")) if name else frozenset()
