"""SameDocumentSpans: one stretch of a document asks for the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX
from acclimate.parts._words import spans
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "span" + SUFFIX


@dataclass(frozen=True, kw_only=True)
class SameDocumentSpans:
    """Spans of a document, each asking for the document without it.

    What two spans of one document have in common is its subject: the student learns to know it
    from any stretch. The span is hidden from the document (`loops.Cloze` reads it so), or equal
    words would be all there is to learn.

    Rows: [070].

    Paper:   Gao, Callan, Unsupervised Corpus Aware Language Model Pre-training for Dense Passage
             Retrieval (coCondenser), ACL 2022. https://arxiv.org/abs/2108.05540
    Code:    none followed.
    Differs: the second span is all that is left of the document, as whole documents are what is
             searched later; spans are of words, not tokens.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: spans of each document; they do not overlap.
        at_least_words: of a span, whose length is drawn evenly.
        at_most_words: of a span.
        rest_words: words that must be left of the document without the span.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "span_cloze", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> queries = SameDocumentSpans(at_least_words=5, at_most_words=5)(toys.CORPUS, Context())
        >>> len(queries), {len(text.split()) for text in queries["text"]}
        (12, {5})
    """

    per_document: int = 1
    at_least_words: int = 12
    at_most_words: int = 64
    rest_words: int = 12
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not 1 <= self.at_least_words <= self.at_most_words:
            raise RecipeError(
                f"{self!r}: give an at_least_words of 1 or more, and an at_most_words no smaller."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the spans."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            places = spans(texts[row])
            room = len(places) - self.rest_words
            if room < self.at_least_words:
                return
            stretch = len(places) // self.per_document
            for number in range(self.per_document):
                longest = min(self.at_most_words, room, stretch)
                if longest < self.at_least_words:
                    return
                count = int(rng.integers(self.at_least_words, longest + 1))
                start = number * stretch + int(rng.integers(stretch - count + 1))
                span = texts[row][places[start][0] : places[start + count - 1][1]]
                yield KIND, " ".join(span.split())

        return written(self, corpus, ctx, write, self.queries)
