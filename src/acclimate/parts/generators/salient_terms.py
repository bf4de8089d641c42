"""SalientTerms: keyword queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts.generators._salience import Salience, drawn
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "salient_terms"


@dataclass(frozen=True, kw_only=True)
class SalientTerms:
    """Keyword queries: a few words of each document that set it apart, in reading order.

    A word's weight is (1 + ln tf) · idf · (1 + e^(−place/50)): words of the title and the
    beginning count up to twice. The terms are drawn from the `pool` heaviest words with chances
    as their weights, so that one document gives different queries.

    Origin: tf-idf keywords as pseudo-queries; folklore.
    Code:    none published.
    Differs: nothing known.
    Cost:    one pass over the words of the corpus; no model.

    Args:
        per_document: queries of each document.
        at_least_terms: words of a query; documents with fewer such words give none.
        at_most_terms: words of a query, drawn evenly between the two.
        pool: how many of the heaviest words are drawn from.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "salient_terms", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> queries = SalientTerms(pool=2, at_most_terms=2)(toys.CORPUS, Context())
        >>> queries["text"][:2]
        ['Bees nectar', 'Compost dry']
    """

    per_document: int = 1
    at_least_terms: int = 2
    at_most_terms: int = 6
    pool: int = 15
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not 1 <= self.at_least_terms <= self.at_most_terms:
            raise RecipeError(
                f"SalientTerms draws between at_least_terms and at_most_terms words; there is "
                f"{self.at_least_terms} and {self.at_most_terms}. Give 1 or more, then no fewer."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries."""
        contents = corpus.contents
        salience = Salience(contents)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            text = contents[row]
            terms = sorted(salience.terms(text).values(), key=lambda term: -term[1])[: self.pool]
            if len(terms) < self.at_least_terms:
                return
            for _ in range(self.per_document):
                count = int(rng.integers(self.at_least_terms, self.at_most_terms + 1))
                picked = drawn([weight for _, weight in terms], count, rng)
                places = sorted(terms[i][0] for i in picked)
                yield KIND, " ".join(text[a:b] for a, b in places)

        return written(self, corpus, ctx, write, self.queries)
