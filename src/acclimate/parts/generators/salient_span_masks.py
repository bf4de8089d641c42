"""SalientSpanMasks: a sentence with its name or number masked asks who knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._names import salient
from acclimate.parts._words import clean, length_words, sentences
from acclimate.parts.generators._language import Languages, function_words
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "salient_mask"


@dataclass(frozen=True, kw_only=True)
class SalientSpanMasks:
    """Sentences in which a name, a date or a number is masked: what they ask for is what is gone.

    Such a sentence cannot be made whole by grammar alone; it takes a document that knows. The
    document it was cut from has the answer in the very words, so it should not compete:
    `filters.WithoutSource` leaves the others, of which a reader says which help.

    A salient span is a run of words with a capital or a digit; at the beginning of a sentence a
    single capital says nothing. Scripts without capitals have numbers only.

    Rows: [003], [020].

    Paper:   Guu, Lee, Tung, Pasupat, Chang, REALM: Retrieval-Augmented Language Model
             Pre-Training, ICML 2020. https://arxiv.org/abs/2002.08909; as training of retrievers:
             Sachan et al., End-to-End Training of Neural Retrievers for Open-Domain Question
             Answering, ACL 2021. https://arxiv.org/abs/2101.00408
    Code:    none followed.
    Differs: capitals and digits stand for a tagger of names and dates, so that no model is needed.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: sentences of each document, one span masked in each.
        at_least_words: words of a sentence.
        at_most_words: words of a sentence.
        mask: what stands for the span: the mask token of the student, or "" for nothing.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "salient_mask", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> text = "The bridge was opened in 1932 by the mayor."
        >>> corpus = Corpus.of([{"doc_id": "bridge", "title": "", "text": text}])
        >>> SalientSpanMasks()(corpus, Context())["text"]
        ['The bridge was opened in [MASK] by the mayor']
    """

    per_document: int = 1
    at_least_words: int = 6
    at_most_words: int = 40
    mask: str = "[MASK]"
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not 1 <= self.at_least_words <= self.at_most_words:
            raise RecipeError(
                f"{self!r}: give an at_least_words of 1 or more, and an at_most_words no smaller."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Mask the spans."""
        texts = corpus["text"]
        languages = Languages(texts)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            silent = function_words(languages.of(texts[row]))
            cut = [texts[row][a:b] for a, b in sentences(texts[row])]
            fit = [s for s in cut if self.at_least_words <= length_words(s) <= self.at_most_words]
            found = [(s, places) for s in fit if (places := salient(s, silent))]
            for place in rng.permutation(len(found))[: self.per_document]:
                sentence, places = found[place]
                start, end = places[int(rng.integers(len(places)))]
                pieces = (clean(sentence[:start]), self.mask, clean(sentence[end:]))
                yield KIND, " ".join(piece for piece in pieces if piece)

        return written(self, corpus, ctx, write, self.queries)
