"""Answers: what is right to say to a query, and whether a text holds it.

Where a generator, a file or a language model says what the answer is, it stands in the column
`answer` of the queries. A generator that masks a span of a sentence leaves it in the query's source
document instead, where it is found again.

Example:
    >>> hidden("It was opened in [MASK] by the mayor", "Rain. It was opened in 1932 by the mayor.")
    '1932'
    >>> held = Held(["The year 1932 was dry.", "Of 19320 bolts"])
    >>> held.of(0, "1932"), held.of(1, "1932")
    (True, False)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from acclimate.errors import RecipeError
from acclimate.parts._instructed import split
from acclimate.parts._words import clean, normal, sentences, unspaced
from acclimate.tables import Corpus, Queries

MASK = "[MASK]"


def check_mask(part: object, mask: str) -> None:
    """Refuse a mask that cannot be seen."""
    if not mask:
        name = type(part).__name__
        raise RecipeError(f"{name}(mask='') finds no answer. Give what stands for it.")


def answers(corpus: Corpus, queries: Queries, mask: str = MASK) -> list[str]:
    """The answer to each query, (Q,): the one that is told, else what its mask hides.

    "" where none is told, and there is no mask or nothing is found behind it.
    """
    texts, position = corpus["text"], corpus.position
    asked = [split(text)[0] for text in queries["text"]]  # without an instruction
    rows = zip(queries["answer"], asked, queries["source_doc_id"], strict=True)
    return [
        told or (hidden(text, texts[position[of]], mask) if mask in text and of in position else "")
        for told, text, of in rows
    ]


def hidden(query: str, document: str, mask: str = MASK) -> str:
    """What stands in the document's sentence where the query has the mask; "" if there is none."""
    before, _, after = (piece.strip() for piece in query.partition(mask))
    for start, end in sentences(document):
        sentence = clean(document[start:end])
        fits = sentence.startswith(before) and sentence.endswith(after)
        if fits and len(sentence) > len(before) + len(after):
            return clean(sentence[len(before) : len(sentence) - len(after)])
    return ""


class Held:
    """Texts that are asked whether they hold the words of an answer, one after the other.

    Each is made comparable once, when it is first asked about. Capitals and punctuation do not
    count.

    Args:
        documents: the texts.
    """

    def __init__(self, documents: Iterable[str]) -> None:
        self._documents = list(documents)
        self._words: dict[int, str] = {}
        self._letters: dict[int, str] = {}

    def of(self, row: int, answer: str) -> bool:
        """Whether a text holds an answer; none holds one without words."""
        words = normal(answer)
        if unspaced(answer):  # a run of characters is no word: where it ends is chance
            if row not in self._letters:
                self._letters[row] = _letters(self._documents[row])
            return bool(words) and _letters(answer) in self._letters[row]
        if row not in self._words:
            self._words[row] = f" {normal(self._documents[row])} "
        return bool(words) and f" {words} " in self._words[row]


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
