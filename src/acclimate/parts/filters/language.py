"""Language: queries in the language of what they ask about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from acclimate.errors import RecipeError, near_miss
from acclimate.models.indexes.words import language_of
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Language:
    """Queries without those that are surely not in the language of their source document.

    A writer that knows one language best slips into it; people who use the corpus do not. Short
    texts are hard to tell, so a query goes only where the language wanted has hardly a chance
    against the likeliest one.

    Origin: folklore of training in several languages, as in SWIM-IR and SilverRetriever.
    Code:   none published.
    Differs: nothing known.
    Cost:   one reading of each query and of each document that has one, by py3langid; no model.

    Args:
        language: ISO 639-1 code of the language wanted; None: that of the source document.
        at_least_odds: of that language against the likeliest one, 0…1.

    Returns:
        The queries kept, in their order; without `language`, those without a source document stay.

    Raises:
        RecipeError: when the language is none that can be told.
    """

    language: str | None = None
    at_least_odds: float = 0.01

    def __post_init__(self) -> None:
        """Refuse odds above those of the likeliest."""
        if not 0 <= self.at_least_odds <= 1:
            raise RecipeError(
                f"Language(at_least_odds={self.at_least_odds}): the likeliest language has 1; give "
                "0 to 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep those in the right language."""
        contents, own = corpus.contents, sources(corpus, queries).tolist()
        if self.language is not None and self.language not in _identifier().labels:
            raise RecipeError(
                f"Language(language={self.language!r}) is not told apart."
                f"{near_miss(self.language, _identifier().labels)}"
            )
        wanted = {
            row: self.language or language_of([contents[row]])
            for row in set(own)
            if row >= 0 or self.language is not None
        }
        kept = [
            row not in wanted or odds(text, wanted[row]) >= self.at_least_odds
            for text, row in zip(queries["text"], own, strict=True)
        ]
        ctx.note("dropped", {"in another language": kept.count(False)})
        return queries.keep(kept)


def odds(text: str, language: str) -> float:
    """The chance that a text is in a language over that of its likeliest language, 0…1."""
    ranked = _identifier().rank(text)
    return float(dict(ranked).get(language, 0.0) / ranked[0][1])


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
