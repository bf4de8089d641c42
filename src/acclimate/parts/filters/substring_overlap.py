"""SubstringOverlap: no candidates that repeat the query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._pairs import pairs
from acclimate.parts._words import words
from acclimate.parts.filters.copied_text import longest_run
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SubstringOverlap:
    """Candidates without those that share a long run of words with the query.

    Queries that are pieces of documents (spans, sessions, chunks) find copies of themselves:
    boilerplate, quotations, later versions. Such a document is found by its very words, which
    teaches nothing, and as a negative it would be a false one. A query that is shorter than the
    bound loses no candidate.

    Rows: [029].

    Paper:   Re3Dial: Retrieve, reorganise, rescale dialogue corpus, EMNLP 2023.
             https://arxiv.org/abs/2305.02606
    Code:    none followed.
    Differs: counted in words, where the paper counts characters of Chinese; the rules on shared
             turns of a dialogue are left out.
    Cost:    words of the query times words of the document, for each candidate.

    Args:
        at_most_words: longest run that a candidate may share. Paper: 10 characters.

    Returns:
        The candidates kept, rows and order unchanged; the source itself always. Use
        `WithoutSource` to leave that out as well.
    """

    at_most_words: int = 10

    def __post_init__(self) -> None:
        """Refuse to drop what shares nothing."""
        if self.at_most_words < 0:
            raise RecipeError(
                f"SubstringOverlap(at_most_words={self.at_most_words}): give 0 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Candidates:
        """Drop what repeats the query."""
        asked, found = pairs(corpus, queries, candidates)
        texts, contents = queries["text"], corpus.contents
        query_words = {row: words(texts[row]) for row in np.unique(asked).tolist()}
        long = [len(query_words[row]) > self.at_most_words for row in asked.tolist()]
        checked = np.flatnonzero(
            np.asarray(long, dtype=bool) & ~candidates.array("is_source").astype(bool)
        )
        document_words = {row: words(contents[row]) for row in np.unique(found[checked]).tolist()}
        kept = np.ones(len(candidates), dtype=bool)
        kept[checked] = [
            longest_run(query_words[q], document_words[d]) <= self.at_most_words
            for q, d in zip(asked[checked].tolist(), found[checked].tolist(), strict=True)
        ]
        ctx.note("dropped", {"repeats the query": int((~kept).sum())})
        return candidates.keep(kept)
