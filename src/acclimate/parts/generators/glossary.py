"""Glossary: acronyms and what they stand for, each asking for documents that say the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._words import Span, clean, sentences, spans
from acclimate.parts.generators._acronyms import Acronyms
from acclimate.parts.generators._language import QUESTIONS, SHAPELESS, Languages
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

DEFINITION = "definition"
SWAP = "acronym_swap"


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """Queries in the other form of a term: the words for an acronym, or the acronym for the words.

    People ask for a "light-emitting diode" where the manual has "LED" throughout, and the other way
    round; no search by words bridges that, and no general encoder knows the acronyms of one firm.
    The documents do: they say "light-emitting diode (LED)" somewhere. What is found there is
    put into what surrounds the other form everywhere else (kind "acronym_swap"), and documents that
    define a term are asked what it is (kind "definition").

    A document's own definition counts for it; elsewhere an acronym stands for what four fifths of
    its definitions say. One that nobody defines, or everybody otherwise, is left alone.

    Rows: [076].

    Paper:   Golden-Retriever: High-Fidelity Agentic Retrieval Augmented Generation for Industrial
             Knowledge Base, 2024. https://arxiv.org/abs/2408.00798;
             acronyms: Schwartz, Hearst, A Simple Algorithm for Identifying Abbreviation Definitions
             in Biomedical Text, PSB 2003.
    Code:    none followed.
    Differs: the paper looks terms up when a query comes, by a language model and a table made by
             people; here the table is read off the documents, and the student learns it.
    Cost:    two passes over the words of the corpus; no model.

    Args:
        per_document: queries of each document, drawn from what there is.
        around_words: words of a swap query, the term among them.
        at_most_definitions: documents that may define a term and still be asked what it is: where
            there are more, each of them is as good an answer.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of the kinds "acronym_swap" and "definition", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> texts = ("A light-emitting diode (LED) glows.", "Solder each LED with care.")
        >>> corpus = Corpus.of({"doc_id": t[:6], "title": "", "text": t} for t in texts)
        >>> Glossary(per_document=1)(corpus, Context())["text"][1]
        'Solder each light-emitting diode with care'
    """

    per_document: int = 2
    around_words: int = 14
    at_most_definitions: int = 3
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse queries without words."""
        if min(self.per_document, self.around_words) < 1:
            raise RecipeError(f"{self!r}: give 1 or more queries, and 1 or more words around.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries."""
        contents = corpus.contents
        terms, languages = Acronyms(contents), Languages(contents)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            shapes = QUESTIONS.get(languages.of(contents[row]), SHAPELESS)
            what = next((s for s in shapes if "{rest}" not in s and "{other}" not in s), "{span}")
            found = [
                (DEFINITION, what.format(span=form))
                for short, long in terms.own[row].items()
                if terms.definers[short] <= self.at_most_definitions
                for form in (short, long)
            ]
            found += [(SWAP, query) for query in self._swapped(row, contents[row], terms)]
            for place in rng.permutation(len(found))[: self.per_document]:
                yield found[place]

        queries = written(self, corpus, ctx, write, self.queries)
        known = {"defined": len(terms.definers), "without one meaning": terms.ambiguous}
        ctx.note("acronyms", known)
        return queries

    def _swapped(self, row: int, text: str, terms: Acronyms) -> Iterator[str]:
        """What is around each term of a document, with its other form."""
        for start, end in sentences(text):
            sentence = text[start:end]
            uses = list(terms.uses(row, sentence))
            for place, other in uses:
                before, after = _beside(sentence, place, self.around_words - 1)
                if clean(other).casefold() not in f"{before}{after}".casefold():
                    yield clean(f"{before}{other}{after}")


def _beside(sentence: str, place: Span, words: int) -> tuple[str, str]:
    """The words before and after a place, half of them on each side, more where one has fewer."""
    before = [span for span in spans(sentence) if span[1] <= place[0]]
    after = [span for span in spans(sentence) if span[0] >= place[1]]
    right = min(len(after), max(words // 2, words - len(before)))
    left = min(len(before), words - right)
    begin = before[-left][0] if left else place[0]
    end = after[right - 1][1] if right else place[1]
    return sentence[begin : place[0]], sentence[place[1] : end]
