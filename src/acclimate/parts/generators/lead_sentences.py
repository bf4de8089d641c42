"""LeadSentences: a document's first sentence as the query for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts._cloze import SUFFIX
from acclimate.parts._words import clean, length_words, sentences
from acclimate.parts.generators._written import Rng, without_words, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

_READ_CHARACTERS = 3_000


@dataclass(frozen=True, kw_only=True)
class LeadSentences:
    """First sentences as queries: authors often begin by saying what a document is about.

    The query's kind says whether the document is to be read without the sentence: "lead_cloze"
    or "lead".

    Origin: the lead of an article as its summary; folklore of news summarisation.
    Code:   none followed.
    Differs: nothing known.
    Cost:   one pass over the drawn documents; no model.

    Args:
        mask_rate: how often the sentence is hidden from its document, 0…1.
        at_least_words: words of a sentence that may be used.
        at_most_words: words of a sentence that may be used.
        rest_words: words that must be left of the document without it.
        word_dropout: chance of each word of the query to be left out.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of the kinds "lead_cloze" and "lead", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> LeadSentences(rest_words=5)(toys.CORPUS.head(1), Context())["text"]
        ['Bees visit flowers to gather nectar']
    """

    mask_rate: float = 1.0
    at_least_words: int = 4
    at_most_words: int = 40
    rest_words: int = 15
    word_dropout: float = 0.0
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Take the sentences."""
        texts = [text[:_READ_CHARACTERS] for text in corpus["text"]]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            cut = sentences(texts[row])
            if not cut or length_words(texts[row][cut[0][1] :]) < self.rest_words:
                return
            lead = clean(texts[row][cut[0][0] : cut[0][1]])
            if self.at_least_words <= length_words(lead) <= self.at_most_words:
                hidden = bool(rng.random() < self.mask_rate)
                query = without_words(lead, self.word_dropout, rng)
                yield "lead" + (SUFFIX if hidden and query == lead else ""), query

        return written(self, corpus, ctx, write, self.queries)
