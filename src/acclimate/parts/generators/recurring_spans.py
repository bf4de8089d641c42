"""RecurringSpans: what is around a phrase in one passage asks for another that has it too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from acclimate.errors import RecipeError
from acclimate.parts._words import clean, spans
from acclimate.parts.generators._recurring import Recurring, around, recurring
from acclimate.parts.generators._salience import Salience
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "recurring_span"

_Spans = dict[int, list[Recurring]]


@dataclass(frozen=True, kw_only=True)
class RecurringSpans:
    """Windows around a phrase that two passages of one document share; each asks for the other.

    The query comes from another passage than the one it is to find, so it is no copy of it: the
    two have the phrase in common and, being of one document, the subject. Half of the time the
    phrase itself is cut out of the query, so that its words are not enough.

    Passages are documents of one parent or, without parents, of one title. Phrases are maximal runs
    of 2 to 10 words without punctuation that neither begin nor end with a function word. A passage
    that shares none gives no query.

    Rows: [074].

    Paper:   Ram, Shachaf, Levy, Berant, Globerson, Learning to Retrieve Passages without
             Supervision, NAACL 2022. https://arxiv.org/abs/2112.07708
    Code:    none followed; the settings of the authors' release.
    Differs: words and not tokens; function words of any language are known as `SalientTerms` knows
             them; queries are as many for each passage, where the paper's are for each phrase.
    Cost:    one pass over the words of the corpus, and over repeated runs of words again for each
             word of theirs; no model.

    Args:
        per_document: queries of each document.
        at_least_words: of a phrase. Paper: 2.
        at_most_words: of a phrase. Paper: 10.
        shortest_window: words of a query and its phrase; its length is drawn evenly between the
            two. Paper: 5.
        longest_window: words of a query and its phrase. Paper: 30.
        keep_rate: how often the phrase stays in the query, 0…1. Paper: 0.5.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "recurring_span", each of the passage it is to find, in their order.

    Example:
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of(
        ...     {"doc_id": text[:4], "title": "Brakes", "text": text} for text in (
        ...         "Oil the brake cable twice a year.", "Dirt makes a brake cable rust early."))
        >>> RecurringSpans(keep_rate=0, shortest_window=30)(corpus, Context())["text"]
        ['Dirt makes a rust early', 'Oil the twice a year']
    """

    per_document: int = 1
    at_least_words: int = 2
    at_most_words: int = 10
    shortest_window: int = 5
    longest_window: int = 30
    keep_rate: float = 0.5
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse empty ranges, and windows that hold nothing but the phrase."""
        phrase = 1 <= self.at_least_words <= self.at_most_words
        window = self.shortest_window <= self.longest_window > self.at_most_words
        if not (phrase and window and 0 <= self.keep_rate <= 1):
            raise RecipeError(
                f"{self!r}: phrases need at_least_words up to at_most_words, windows "
                "shortest_window up to longest_window, which is longer than a phrase, and "
                "keep_rate lies between 0 and 1."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the windows."""
        texts = corpus["text"]
        family, place, members = _families(corpus)
        salience = Salience([text for text, name in zip(texts, family, strict=True) if name])

        @cache
        def shared(name: str) -> _Spans:
            return self._shared([texts[row] for row in members[name]], salience)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            name = family[row]
            if name is None:
                return
            own = place[row]
            for run in _picked(shared(name).get(own, []), self.per_document, rng):
                others = [place for place in run.places if place[0] != own]
                passage, first = others[int(rng.integers(len(others)))]
                query = self._window(texts[members[name][passage]], first, run.words, rng)
                if query:
                    yield KIND, query

        return written(self, corpus, ctx, write, self.queries)

    def _shared(self, passages: Sequence[str], salience: Salience) -> _Spans:
        """The phrases of each passage that has some."""
        language = salience.languages.of(passages[0])

        def fits(words: Sequence[str]) -> bool:
            return not any(salience.is_function_word(w, language) for w in (words[0], words[-1]))

        found: _Spans = defaultdict(list)
        for run in recurring(
            passages,
            at_least_words=self.at_least_words,
            at_most_words=self.at_most_words,
            fits=fits,
        ):
            for passage in dict.fromkeys(number for number, _ in run.places):
                found[passage].append(run)
        return found

    def _window(self, text: str, first: int, words: int, rng: Rng) -> str:
        """The words around a phrase, and most likely the phrase; "" where there are none."""
        there = len(spans(text))
        length = int(rng.integers(max(self.shortest_window, words + 1), self.longest_window + 1))
        earliest, latest = max(0, first + words - length), min(first, max(0, there - length))
        start = int(rng.integers(earliest, max(earliest, latest) + 1))
        before, phrase, after = around(text, first, words, (start, min(start + length, there)))
        kept = rng.random() < self.keep_rate
        return clean(f"{before}{phrase}{after}" if kept else f"{before} {after}")


def _families(corpus: Corpus) -> tuple[list[str | None], list[int], dict[str, list[int]]]:
    """The document each passage is of, None where it is alone; its place there; all by document."""
    names = [
        f"parent {parent}" if parent else f"title {title}" if title else None
        for parent, title in zip(corpus["parent_id"], corpus["title"], strict=True)
    ]
    members: defaultdict[str, list[int]] = defaultdict(list)
    places = []
    for row, name in enumerate(names):
        places.append(len(members[name]) if name else 0)
        if name:
            members[name].append(row)
    return [n if n and len(members[n]) > 1 else None for n in names], places, members


def _picked(runs: Sequence[Recurring], count: int, rng: Rng) -> list[Recurring]:
    return [runs[place] for place in rng.permutation(len(runs))[:count]]
