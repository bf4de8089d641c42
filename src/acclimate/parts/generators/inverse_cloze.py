"""InverseCloze: a sentence as the query for the rest of its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts._cloze import SUFFIX
from acclimate.parts._words import clean, length_words, sentences
from acclimate.parts.generators._written import Rng, without_words, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

HIDDEN = "inverse" + SUFFIX
SHOWN = "sentence"


@dataclass(frozen=True, kw_only=True)
class InverseCloze:
    """Pseudo-queries: random sentences, each asking for the document it was cut from.

    The corpus stays whole. Whether a document is to be read without the sentence is the query's
    kind: "inverse_cloze" (it is), or "sentence" (it is not). Who reads pairs asks
    `parts._cloze.readings` for the text without the sentence, its order kept.

    Rows: [080].

    Paper:   Lee, Chang, Toutanova, Latent Retrieval for Weakly Supervised Open Domain Question
             Answering, ACL 2019, section 5. https://arxiv.org/abs/1906.00300
    Code:    google-research/language, language/orqa.
    Differs: sentences are cut by punctuation of any script; very short and very long ones are
             not drawn; words may be dropped from the query.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: sentences of each document.
        mask_rate: how often the sentence is hidden from its document, 0…1. Paper: 0.9. Documents
            of one sentence give a query only when it is not hidden.
        at_least_words: words of a sentence that may be drawn.
        at_most_words: words of a sentence that may be drawn.
        word_dropout: chance of each word of the query to be left out; then the document is whole,
            as nothing could be found to hide, and the kind is "sentence".
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of the kinds "inverse_cloze" and "sentence", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> InverseCloze()(toys.CORPUS.head(1), Context())["text"]
        ['They turn the nectar into honey and keep it in wax cells for the winter']
    """

    per_document: int = 1
    mask_rate: float = 0.9
    at_least_words: int = 4
    at_most_words: int = 64
    word_dropout: float = 0.0
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Draw the sentences."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            cut = [clean(texts[row][a:b]) for a, b in sentences(texts[row])]
            fit = [s for s in cut if self.at_least_words <= length_words(s) <= self.at_most_words]
            for place in rng.permutation(len(fit))[: self.per_document]:
                hidden = rng.random() < self.mask_rate
                query = without_words(fit[place], self.word_dropout, rng)
                if hidden and len(cut) == 1:  # nothing would be left of the document
                    continue
                yield (HIDDEN if hidden and query == fit[place] else SHOWN), query

        return written(self, corpus, ctx, write, self.queries)
