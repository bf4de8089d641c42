"""Titles: a document's title as the query for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts._cloze import SUFFIX
from acclimate.parts._words import clean, length_words, normal
from acclimate.parts.generators._written import Rng, without_words, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Titles:
    """Titles as queries: what the author of a document called it.

    Titles that several documents share ("Introduction") say nothing and are left out. The query's
    kind says whether the document is to be read without its title: "title_cloze" or "title".

    Origin: title–body pairs as weak supervision, e.g. MacAvaney et al., Content-Based Weak
            Supervision for Ad-Hoc Re-Ranking, SIGIR 2019. https://arxiv.org/abs/1707.00189
    Code:   none followed.
    Differs: no filter by a ranker here; filters do that.
    Cost:   one pass over the titles; no model.

    Args:
        mask_rate: how often the title is hidden from its document, 0…1.
        at_least_words: words of a title that may be used.
        at_most_words: words of a title that may be used.
        at_most_documents: documents that may share a title.
        word_dropout: chance of each word of the query to be left out.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of the kinds "title_cloze" and "title", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> Titles()(toys.CORPUS.head(4), Context())["text"]
        ['Growing tomatoes', 'Bicycle brakes']
    """

    mask_rate: float = 1.0
    at_least_words: int = 2
    at_most_words: int = 32
    at_most_documents: int = 3
    word_dropout: float = 0.0
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Take the titles."""
        titles, texts = corpus["title"], corpus["text"]
        shared = Counter(normal(title) for title in titles)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            title = clean(titles[row])
            fits = self.at_least_words <= length_words(title) <= self.at_most_words
            if fits and shared[normal(titles[row])] <= self.at_most_documents:
                hidden = bool(rng.random() < self.mask_rate) and bool(normal(texts[row]))
                query = without_words(title, self.word_dropout, rng)
                whole = query == title
                yield "title" + (SUFFIX if hidden and whole else ""), query

        return written(self, corpus, ctx, write, self.queries)
