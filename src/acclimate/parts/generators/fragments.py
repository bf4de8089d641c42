"""Fragments: a few words in a row as the query for their document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts._words import clean, spans
from acclimate.parts.generators._written import Rng, without_words, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "fragment"


@dataclass(frozen=True, kw_only=True)
class Fragments:
    """Random runs of words from the beginning of each document, sentences or not.

    Origin: independent cropping, as in Izacard et al., Unsupervised Dense Information Retrieval
            with Contrastive Learning, TMLR 2022, section 3. https://arxiv.org/abs/2112.09118
    Code:   none followed.
    Differs: only the query is cropped; the document stays whole. Words and not tokens.
    Cost:   one pass over the drawn documents; no model.

    Args:
        per_document: fragments of each document.
        at_least_words: length of a fragment, drawn evenly between the two.
        at_most_words: length of a fragment.
        within_words: how much of a document's beginning is drawn from.
        word_dropout: chance of each word to be left out.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "fragment", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> part = Fragments(at_least_words=4, at_most_words=4, within_words=4)
        >>> part(toys.CORPUS.head(1), Context())["text"]
        ['Bees Bees visit flowers']
    """

    per_document: int = 1
    at_least_words: int = 4
    at_most_words: int = 12
    within_words: int = 220
    word_dropout: float = 0.0
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the fragments."""
        contents = corpus.contents

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            text = contents[row]
            places = spans(text)[: self.within_words]
            if len(places) < self.at_least_words:
                return
            for _ in range(self.per_document):
                count = int(rng.integers(self.at_least_words, self.at_most_words + 1))
                start = int(rng.integers(max(1, len(places) - count + 1)))
                end = min(start + count, len(places)) - 1
                fragment = clean(text[places[start][0] : places[end][1]])
                yield KIND, without_words(fragment, self.word_dropout, rng)

        return written(self, corpus, ctx, write, self.queries)
