"""Length: queries neither too short nor too long."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._words import length_words
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class Length:
    """Queries of `at_least_words` to `at_most_words` words.

    In scripts without spaces two Han characters, or three of another script, count as a word.

    Origin: folklore.
    Code:   none published.
    Differs: nothing known.
    Cost:   one pass over the queries.

    Args:
        at_least_words: fewest words.
        at_most_words: most words.

    Returns:
        The queries kept, in their order.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> Length(at_most_words=5)(toys.QUERIES, Context())["text"]
        ['why does my bicycle squeak', 'how do bees make honey', 'what causes the tide']
    """

    at_least_words: int = 2
    at_most_words: int = 64

    def __post_init__(self) -> None:
        """Refuse an empty range."""
        if not 0 <= self.at_least_words <= self.at_most_words:
            raise RecipeError(
                f"Length(at_least_words={self.at_least_words}, "
                f"at_most_words={self.at_most_words}) keeps nothing. Give the smaller first."
            )

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep those in the range."""
        lengths = [length_words(text) for text in queries["text"]]
        ctx.note(
            "dropped",
            {
                f"fewer than {self.at_least_words} words": sum(
                    n < self.at_least_words for n in lengths
                ),
                f"more than {self.at_most_words} words": sum(
                    n > self.at_most_words for n in lengths
                ),
            },
        )
        return queries.keep([self.at_least_words <= n <= self.at_most_words for n in lengths])
