"""SentenceReconstruction: the beginning of a sentence asks for what helps to finish it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._answers import MASK, check_mask
from acclimate.parts._words import clean, length_words, sentences, spans
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "reconstruction"


@dataclass(frozen=True, kw_only=True)
class SentenceReconstruction:
    """Sentences of which only the beginning is shown, and a mask for the rest.

    What is to be written from what was found is the sentence itself, so that no question and no
    answer is needed to learn what documents of this domain tell each other. A reader says how
    likely a document makes the rest (`labellers.ReaderLikelihood(target="answer")`). The document
    that the sentence is from makes it certain, and teaches nothing: `filters.WithoutSource`.

    Rows: [007].

    Paper:   RAG-end2end: Improving the Domain Adaptation of Retrieval Augmented Generation, TACL
             2023. https://arxiv.org/abs/2210.02627
    Code:    none followed.
    Differs: where a sentence is cut is drawn; a mask at its end stands for the paper's token at the
             beginning.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: sentences of each document.
        at_least_words: of a sentence.
        at_most_words: of a sentence.
        shortest: share of a sentence's words that is shown at least, 0…1.
        longest: share that is shown at most.
        mask: what stands for the rest.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "reconstruction", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> text = "The bridge was opened in 1932 by the mayor."
        >>> corpus = Corpus.of([{"doc_id": "bridge", "title": "", "text": text}])
        >>> part = SentenceReconstruction(shortest=0.5, longest=0.5)
        >>> part(corpus, Context())["text"]
        ['The bridge was opened [MASK]']
    """

    per_document: int = 1
    at_least_words: int = 8
    at_most_words: int = 40
    shortest: float = 0.3
    longest: float = 0.6
    mask: str = MASK
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse sentences of which nothing, or everything, is shown."""
        check_mask(self, self.mask)
        if not 2 <= self.at_least_words <= self.at_most_words:
            raise RecipeError(
                f"{self!r}: give an at_least_words of 2 or more, and an at_most_words no smaller."
            )
        if not 0 < self.shortest <= self.longest < 1:
            raise RecipeError(f"{self!r}: shares lie between 0 and 1, the shortest first.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the sentences."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            cut = [clean(texts[row][a:b]) for a, b in sentences(texts[row])]
            fit = [s for s in cut if self.at_least_words <= length_words(s) <= self.at_most_words]
            for place in rng.permutation(len(fit))[: self.per_document]:
                words = spans(fit[place])
                shown = int(len(words) * rng.uniform(self.shortest, self.longest))
                end = words[min(max(shown, 1), len(words) - 1) - 1][1]
                yield KIND, f"{fit[place][:end]} {self.mask}"

        return written(self, corpus, ctx, write, self.queries)
