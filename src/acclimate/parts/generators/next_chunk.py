"""NextChunk: the end of one piece of a document asks for the piece that follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._words import spans
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "next_chunk"


@dataclass(frozen=True, kw_only=True)
class NextChunk:
    """The last words of a piece ask for the next piece of the same document.

    What comes next is of the same subject and hardly ever of the same words. Where a language model
    labels documents by how well they help it to go on, the next piece is what it is asked to write.

    Pieces are documents of one parent (long documents are split before a run), in the order of the
    corpus. The first piece of a document gives no query, nor does a document in one piece.

    Paper:   Rubin, Berant, Long-range Language Modeling with Self-retrieval (RPT), TACL 2024.
             https://arxiv.org/abs/2306.13421
    Code:    none followed.
    Differs: pieces are as long as the student reads, where the paper's have 64 tokens; without a
             language model that labels, the next piece is the one relevant document.
    Cost:    one pass over the drawn documents; no model.

    Args:
        query_words: words of a query, at most: the last ones of its piece.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "next_chunk", each of the piece it is to find, in their order.

    Example:
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of(
        ...     {"doc_id": f"a#{n}", "title": "", "text": text, "parent_id": "a"}
        ...     for n, text in enumerate(("Wipe the chain.", "Then oil it.", "Wait.")))
        >>> NextChunk(query_words=2)(corpus, Context())["text"]
        ['the chain', 'oil it']
    """

    query_words: int = 64
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse empty queries."""
        if self.query_words < 1:
            raise RecipeError(f"NextChunk(query_words={self.query_words}): give 1 or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the ends."""
        texts = corpus["text"]
        last: dict[str, int] = {}
        before: list[int | None] = []
        for row, parent in enumerate(corpus["parent_id"]):
            before.append(last.get(parent) if parent else None)
            if parent:
                last[parent] = row

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            del rng
            previous = before[row]
            places = spans(texts[previous])[-self.query_words :] if previous is not None else []
            if previous is not None and places:
                yield KIND, " ".join(texts[previous][places[0][0] : places[-1][1]].split())

        return written(self, corpus, ctx, write, self.queries)
