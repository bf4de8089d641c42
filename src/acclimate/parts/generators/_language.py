"""Function words, and shapes of questions, by language."""

# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

_LISTS = {
    "en": "EN_PLUS",
    "de": "GERMAN",
    "nl": "DUTCH",
    "fr": "FRENCH",
    "es": "SPANISH",
    "pt": "PORTUGUESE",
    "it": "ITALIAN",
    "ru": "RUSSIAN",
    "sv": "SWEDISH",
    "no": "NORWEGIAN",
    "nb": "NORWEGIAN",
    "da": "DANISH",
    "zh": "CHINESE",
    "ko": "KOREAN",
    "tr": "TURKISH",
}
_ENGLISH = frozenset(
    {
        "also",
        "among",
        "another",
        "however",
        "may",
        "many",
        "might",
        "must",
        "often",
        "one",
        "per",
        "shall",
        "since",
        "still",
        "such",
        "than",
        "thus",
        "two",
        "upon",
        "use",
        "used",
        "uses",
        "using",
        "via",
        "whether",
        "while",
        "within",
        "without",
        "would",
        "yes",
        "yet",
        "etc",
    }
)

QUESTIONS: dict[str, tuple[str, ...]] = {
    "en": (
        "what is {span}",
        "how does {span} work",
        "what is {span} used for",
        "why {span} {rest}",
        "which {span} {rest}",
        "how are {span} and {other} related",
        "what does {span} have to do with {other}",
    ),
    "de": (
        "was ist {span}",
        "wie funktioniert {span}",
        "warum {span} {rest}",
        "welche {span} {rest}",
        "wie hängen {span} und {other} zusammen",
    ),
    "nl": ("wat is {span}", "hoe werkt {span}", "waarom {span} {rest}", "welke {span} {rest}"),
    "fr": (
        "qu'est-ce que {span}",
        "comment fonctionne {span}",
        "pourquoi {span} {rest}",
        "quel est le lien entre {span} et {other}",
    ),
    "es": (
        "qué es {span}",
        "cómo funciona {span}",
        "por qué {span} {rest}",
        "qué relación hay entre {span} y {other}",
    ),
    "pt": (
        "o que é {span}",
        "como funciona {span}",
        "por que {span} {rest}",
        "qual é a relação entre {span} e {other}",
    ),
    "it": (
        "che cos'è {span}",
        "come funziona {span}",
        "perché {span} {rest}",
        "che rapporto c'è tra {span} e {other}",
    ),
    "ru": ("что такое {span}", "как работает {span}", "почему {span} {rest}"),
    "sv": ("vad är {span}", "hur fungerar {span}", "varför {span} {rest}"),
    "da": ("hvad er {span}", "hvordan virker {span}", "hvorfor {span} {rest}"),
    "no": ("hva er {span}", "hvordan virker {span}", "hvorfor {span} {rest}"),
    "tr": ("{span} nedir", "{span} nasıl çalışır"),
    "ar": ("ما هو {span}", "كيف يعمل {span}", "لماذا {span} {rest}"),
    "fa": ("{span} چیست", "چرا {span} {rest}"),
    "hi": ("{span} क्या है", "{span} कैसे काम करता है"),
    "ja": ("{span}とは何ですか", "{span}と{other}の関係は何ですか"),
    "zh": ("什么是{span}", "{span}和{other}有什么关系"),
    "ko": ("{span} 무엇인가", "{span} {rest} 이유"),
}
"""Shapes of questions. `{span}` is a phrase of the document, `{rest}` what follows it there,
`{other}` another phrase of it."""

SHAPELESS = ("{span} {rest}", "{span} {other}", "{span}")
"""For languages not listed: phrases only."""

_SHOWN_CHARACTERS = 400
_SAMPLE = 64


class Languages:
    """Which language each document of a corpus is in.

    Args:
        texts: the documents. When one language has nine tenths of a sample, all are taken to be
            in it: a detector errs on short texts.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        rows = np.unique(np.linspace(0, max(0, len(texts) - 1), _SAMPLE, dtype=int))
        counts = Counter(detect(texts[row]) for row in rows if row < len(texts))
        first, count = counts.most_common(1)[0] if counts else ("en", 0)
        self.only = first if count >= 0.9 * counts.total() else None

    def of(self, text: str) -> str:
        """ISO 639-1 code."""
        return self.only or detect(text)


def detect(text: str) -> str:
    """The most likely language of a text, as an ISO 639-1 code."""
    import py3langid

    return str(py3langid.classify(text[:_SHOWN_CHARACTERS])[0])


def function_words(language: str) -> frozenset[str]:
    """Words that say nothing alone; none for languages without a list."""
    if language not in _LISTS:
        return frozenset()
    import bm25s.stopwords

    listed = frozenset(getattr(bm25s.stopwords, f"STOPWORDS_{_LISTS[language]}"))
    return listed | _ENGLISH if language == "en" else listed
