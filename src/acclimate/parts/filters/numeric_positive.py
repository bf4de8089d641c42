"""NumericPositive: queries whose document has numbers to find."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class NumericPositive:
    """Queries whose source document has at least so many digits.

    For corpora of figures (reports, tables, records), where the documents that matter are those
    with the numbers, and text around them is a poor positive.

    Rows: [013].

    Paper:   APOLLO: Optimised training for long-form numerical reasoning, LREC-COLING 2024.
             https://arxiv.org/abs/2212.07249
    Code:    none followed; the authors' `number_aware.py` filters positives in this way.
    Differs: heads of table rows count for nothing; digits of any script count.
    Cost:    one pass over the documents that have a query.

    Args:
        at_least_digits: fewest digits.

    Returns:
        The queries kept, in their order; those without a source document stay.
    """

    at_least_digits: int = 1

    def __post_init__(self) -> None:
        """Refuse a count that every document has."""
        if self.at_least_digits < 1:
            raise RecipeError(
                f"NumericPositive(at_least_digits={self.at_least_digits}) drops nothing. "
                "Give 1 or more."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep those with numbers."""
        contents, own = corpus.contents, sources(corpus, queries).tolist()
        numeric = {row: self._is_numeric(contents[row]) for row in set(own) if row >= 0}
        kept = [numeric.get(row, True) for row in own]
        ctx.note("dropped", {"written from a document without numbers": kept.count(False)})
        return queries.keep(kept)

    def _is_numeric(self, text: str) -> bool:
        return sum(character.isdigit() for character in text) >= self.at_least_digits
