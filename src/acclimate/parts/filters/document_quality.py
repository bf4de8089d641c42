"""DocumentQuality: documents that are worth a query."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._words import length_words, words
from acclimate.parts.part import Context
from acclimate.tables import Corpus

RUN = 5
"""Words of a run that is looked for again."""


@dataclass(frozen=True, kw_only=True)
class DocumentQuality:
    """Documents without stubs, without lists of signs, and without those that repeat themselves.

    What is left of menus, forms and broken conversions is short, has few letters or says one thing
    again and again; queries written from it teach nothing. The rules are plain counts that hold
    for any language. Put it first: as with `SampleDocuments`, what is learnt from the rest serves
    the whole corpus.

    Rows: [010].

    Paper:   ReasonIR: Training retrievers for reasoning tasks, 2025 (documents of high quality are
             chosen before queries are written). https://arxiv.org/abs/2504.20595
    Code:    none followed.
    Differs: counts, where the paper asks a classifier of educational quality.
    Cost:    one pass over the documents.

    Args:
        at_least_words: fewest words of title and text.
        at_least_letters: share of letters among what is not space, 0…1. Lower it for documents of
            figures or code.
        at_most_repeated: share of the runs of five words that stood in the document before, 0…1.

    Returns:
        The documents kept, in their order.
    """

    at_least_words: int = 10
    at_least_letters: float = 0.6
    at_most_repeated: float = 0.4

    def __post_init__(self) -> None:
        """Refuse shares outside 0…1."""
        for name in ("at_least_letters", "at_most_repeated"):
            if not 0 <= getattr(self, name) <= 1:
                raise RecipeError(
                    f"DocumentQuality({name}={getattr(self, name)}): a share lies between 0 and 1."
                )

    def __call__(self, corpus: Corpus, ctx: Context) -> Corpus:
        """Keep the good ones."""
        faults = [self._fault(text) for text in corpus.contents]
        ctx.note("dropped", dict(Counter(fault for fault in faults if fault)))
        return corpus.keep([not fault for fault in faults])

    def _fault(self, text: str) -> str:
        """What is wrong with a document; empty where nothing is."""
        if length_words(text) < self.at_least_words:
            return f"fewer than {self.at_least_words} words"
        if letters(text) < self.at_least_letters:
            return "few letters"
        if repeated(words(text)) > self.at_most_repeated:
            return "repeats itself"
        return ""


def letters(text: str) -> float:
    """Share of letters and their marks among what is not space; 1 for an empty text.

    Example:
        >>> letters("a = 1 + b")  # 2 of 5
        0.4
    """
    shown = [character for character in text if not character.isspace()]
    if not shown:
        return 1.0
    return sum(unicodedata.category(character)[0] in "LM" for character in shown) / len(shown)


def repeated(document: list[str]) -> float:
    """Share of the runs of five words that stood before in the document; 0 where there is none.

    Example:
        >>> repeated("to be or not to be or not to be".split())  # 2 of 6 runs came before
        0.3333333333333333
    """
    runs = [tuple(document[start : start + RUN]) for start in range(len(document) - RUN + 1)]
    return (len(runs) - len(set(runs))) / len(runs) if runs else 0.0
