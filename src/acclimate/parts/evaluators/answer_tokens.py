"""Answer tokens: how much of an answer is in a reference, and how much in what was read for it.

Tokens are words in small letters without punctuation and English articles, each as often as it
stands there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from acclimate.parts._words import normal

ARTICLES = frozenset({"a", "an", "the"})


def tokens(text: str) -> list[str]:
    """The tokens of a text.

    Example:
        >>> tokens("It's the Eiffel Tower!")
        ["it's", 'eiffel', 'tower']
    """
    return [word for word in normal(text).split() if word not in ARTICLES]


def correct(answer: str, references: Sequence[str]) -> dict[str, float]:
    """How right an answer is, by the reference that suits it best.

    "EM": whether it is the reference. "F1": of precision and recall over tokens. "Recall": share of
    the reference's tokens that it has. "RecallEM": whether the reference stands in it as a whole. A
    long answer that holds the right one is right by the last two alone.

    Example:
        >>> correct("it is Paris France", ["Paris"])
        {'EM': 0.0, 'F1': 0.4, 'Recall': 1.0, 'RecallEM': 1.0}
    """
    told = [_correct(tokens(answer), tokens(reference)) for reference in references]
    return {name: max(one[name] for one in told) for name in told[0]}


def faithful(answer: str, knowledge: str, asked: str = "") -> dict[str, float]:
    """How much of an answer is in the documents it was to be given from, and of them in it.

    "K-Precision" is the share of the answer's tokens that the documents have: what is below 1 was
    added. The "++" forms leave out tokens of the question, which any answer may repeat.

    Example:
        >>> faithful("two red pads press it", "Two pads press.")["K-Precision"]
        0.6
    """
    own, read, known = tokens(answer), tokens(knowledge), set(tokens(asked))
    new = [word for word in own if word not in known]
    fresh = [word for word in read if word not in known]
    return {
        **dict(zip(("K-Precision", "K-Recall", "K-F1"), _shared(own, read), strict=True)),
        **dict(zip(("K-Precision++", "K-Recall++", "K-F1++"), _shared(new, fresh), strict=True)),
    }


def _correct(own: list[str], reference: list[str]) -> dict[str, float]:
    _, recall, f1 = _shared(own, reference)
    whole = f" {' '.join(reference)} " in f" {' '.join(own)} "
    return {
        "EM": float(own == reference),
        "F1": f1,
        "Recall": recall,
        "RecallEM": float(bool(reference) and whole),
    }


def _shared(own: Iterable[str], other: Iterable[str]) -> tuple[float, float, float]:
    """Share of the first one's tokens, share of the other's, and the harmonic mean of both."""
    one, two = Counter(own), Counter(other)
    both = (one & two).total()
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / one.total(), both / two.total()
    return precision, recall, 2 * precision * recall / (precision + recall)
