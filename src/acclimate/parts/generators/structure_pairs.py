"""StructurePairs: headings, questions of lists, words of links: asked by the authors themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX, remaining
from acclimate.parts._words import length_words, normal
from acclimate.parts.generators._structure import Links, fields, headings, questions
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Structure = Literal["heading", "question", "link", "field"]

_Pieces = dict[int, list[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class StructurePairs:
    r"""Pairs that the structure of documents gives: what an author wrote *about* a text.

    Headings ask for their document, and so do the questions of a list of questions and answers;
    the words of a link ask for the document it leads to, in the words of another author; a field
    such as "question" or "abstract" of a row asks for its text. For titles there is `Titles`, for
    sentences `InverseCloze`.

    The query's kind says whether the document is to be read without it: "heading_cloze" and
    "question_cloze" are. What many documents share ("See also", "here") says nothing and is
    left out.

    Rows: [078].

    Paper:   BMRetriever: Tuning Large Language Models as Better Biomedical Text Retrievers,
             EMNLP 2024. https://arxiv.org/abs/2404.18443
    Code:    none followed.
    Differs: which structures count is our choice: those of Markdown, of wikis, of web pages and of
             rows with fields.
    Cost:    one pass over the texts; no model.

    Args:
        kinds: which structures.
        per_document: queries of each document, drawn from what there is.
        mask_rate: how often a heading or question is hidden from its document, 0…1.
        at_least_words: words of a query.
        at_most_words: words of a query.
        rest_words: words that must be left of a document without what is hidden.
        at_most_documents: documents that may share a wording.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of the kinds "heading_cloze", "heading", "question_cloze", "question", "link" and
        "field", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> text = "## Wipe the chain\nUse a rag.\n\n## Oil it well\nOne drop on each link."
        >>> corpus = Corpus.of([{"doc_id": "chain.md", "title": "", "text": text}])
        >>> sorted(StructurePairs(per_document=2, rest_words=3)(corpus, Context())["text"])
        ['Oil it well', 'Wipe the chain']
    """

    kinds: tuple[Structure, ...] = ("heading", "question", "link", "field")
    per_document: int = 2
    mask_rate: float = 1.0
    at_least_words: int = 2
    at_most_words: int = 64
    rest_words: int = 10
    at_most_documents: int = 3
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse no structure and a rate that is none."""
        if not self.kinds or not 0 <= self.mask_rate <= 1:
            raise RecipeError(
                f"{self!r}: give one of heading, question, link, field or more, and a mask_rate "
                "between 0 and 1."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Take the pairs."""
        titles, texts = corpus["title"], corpus["text"]
        pieces = self._pieces(corpus)
        shared = Counter(
            text for of_one in pieces.values() for text in {normal(piece) for _, piece in of_one}
        )

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            own = [
                piece
                for piece in dict.fromkeys(pieces.get(row, ()))
                if shared[normal(piece[1])] <= self.at_most_documents
            ]
            for place in rng.permutation(len(own))[: self.per_document]:
                kind, text = own[place]
                if kind in {"heading", "question"} and rng.random() < self.mask_rate:
                    rest = remaining(titles[row], texts[row], text)
                    hidden = rest != (titles[row], texts[row])
                    if length_words(rest[1]) < self.rest_words:
                        continue
                    kind += SUFFIX if hidden else ""
                yield kind, text

        found = written(self, corpus, ctx, write, self.queries)
        ctx.note("kinds", dict(sorted(Counter(found["kind"]).items())))
        return found

    def _pieces(self, corpus: Corpus) -> _Pieces:
        """(kind, text) by the row of the document that each asks for."""
        found: _Pieces = defaultdict(list)
        links = Links(corpus) if "link" in self.kinds else None
        for row, (text, meta) in enumerate(zip(corpus["text"], corpus["meta"], strict=True)):
            asked = list(questions(text)) if "question" in self.kinds else []
            told = headings(text) if "heading" in self.kinds else ()
            own = [("question", piece) for piece in asked]
            own += [("heading", piece) for piece in told if piece not in asked]
            own += [("field", piece) for piece in (fields(meta) if "field" in self.kinds else ())]
            found[row].extend(piece for piece in own if self._fits(piece[1]))
            for words, target in links.of(row, text) if links else ():
                if self._fits(words):
                    found[target].append(("link", words))
        return found

    def _fits(self, piece: str) -> bool:
        return self.at_least_words <= length_words(piece) <= self.at_most_words
