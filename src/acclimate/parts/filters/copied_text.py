"""CopiedText: no queries that are copied from their document."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._sources import sources
from acclimate.parts._words import words
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class CopiedText:
    """Queries without those that repeat a long run of words of their source document.

    A copied query is answered by matching words, which is not what a student should learn. The
    copied share is the longest run of the query's words that stands in the document in the same
    order without a gap, divided by the query's words.

    Origin: own; cf. the rule that no n-gram of five or more words be copied, as in synthetic
            query prompts.
    Code:   none published.
    Differs: nothing known.
    Cost:   (words of the query)² substring searches in one document.

    Args:
        at_most_share: copied share up to which a query stays, 0…1.
        at_least_words: shorter queries stay: a name of two words is a query people type.

    Returns:
        The queries kept, in their order; those without a source document stay.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> len(CopiedText()(toys.CORPUS, toys.WRITTEN, Context()))
        0
    """

    at_most_share: float = 0.8
    at_least_words: int = 5

    def __post_init__(self) -> None:
        """Refuse shares outside 0…1."""
        if not 0 <= self.at_most_share <= 1:
            raise RecipeError(
                f"CopiedText(at_most_share={self.at_most_share}): a share lies between 0 and 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep the queries in words of their own."""
        contents = corpus.contents
        kept = [
            source < 0
            or len(query := words(text)) < self.at_least_words
            or longest_run(query, words(contents[source])) <= self.at_most_share * len(query)
            for text, source in zip(queries["text"], sources(corpus, queries).tolist(), strict=True)
        ]
        ctx.note("dropped", {"copied from the document": len(kept) - sum(kept)})
        return queries.keep(kept)


def longest_run(query: list[str], document: list[str]) -> int:
    """Words of the longest run of the query's words that the document has, in order.

    Example:
        >>> longest_run("warm milk and bread".split(), "keep warm milk and honey".split())
        3
    """
    text = "\0" + "\0".join(document) + "\0"
    best = 0
    for start in range(len(query)):
        while start + best < len(query) and (
            "\0" + "\0".join(query[start : start + best + 1]) + "\0" in text
        ):
            best += 1
    return best
