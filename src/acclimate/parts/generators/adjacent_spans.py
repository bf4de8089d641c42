"""AdjacentSpans: the beginning of a document asks for how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX
from acclimate.parts._words import length_words, sentences
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "adjacent" + SUFFIX


@dataclass(frozen=True, kw_only=True)
class AdjacentSpans:
    """The first sentences of a document, up to a cut, ask for the sentences behind it.

    What follows goes on with the subject in other words: a dialogue answers, a report explains. The
    beginning is hidden from the document (`loops.Cloze` reads it so). Where long documents were
    split, `NextChunk` asks with a piece for the next one.

    Rows: [029].

    Paper:   Re3Dial: Retrieve, reorganise, rescale dialogue corpus, EMNLP 2023.
             https://arxiv.org/abs/2305.02606
    Code:    none followed.
    Differs: cuts between sentences, where the paper's are between turns of a dialogue.
    Cost:    one pass over the drawn documents; no model.

    Args:
        at_least_words: of a query; cuts are drawn evenly among those that leave so many.
        at_most_words: of a query.
        rest_words: words that must be left of the document.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "adjacent_cloze", one of each document with a cut that fits, in the order
        of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> queries = AdjacentSpans(at_least_words=5, rest_words=5)(toys.CORPUS, Context())
        >>> queries["text"][0]
        'Bees visit flowers to gather nectar.'
    """

    at_least_words: int = 8
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
        """Cut the beginnings."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            cuts = self._cuts(texts[row])
            if cuts:
                cut = cuts[int(rng.integers(len(cuts)))]
                yield KIND, " ".join(texts[row][:cut].split())

        return written(self, corpus, ctx, write, self.queries)

    def _cuts(self, text: str) -> list[int]:
        """Where sentences end so that both sides are long enough."""
        before, after, found = 0, length_words(text), []
        for start, end in sentences(text)[:-1]:
            size = length_words(text[start:end])
            before, after = before + size, after - size
            if self.at_least_words <= before <= self.at_most_words and after >= self.rest_words:
                found.append(end)
        return found
