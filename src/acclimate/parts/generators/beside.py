"""Beside: more queries beside those there are."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts.part import Context, Generator, apply
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Another generator's queries behind those that were made before.

    `Mixed` has quotas, and what comes after it treats all alike. Here a few queries that must all
    train, such as the words of classes, come in when others have been filtered and held out.

    Origin: own.
    Code:   none followed.
    Differs: nothing known.
    Cost:   that of the generator.

    Args:
        generator: makes the others; it may look at those there are (`OfTrainingDocuments`).

    Returns:
        The queries as they were, and behind them the new ones that are not there by their id.

    Example:
        >>> from acclimate.parts.generators.titles import Titles
        >>> from acclimate.testing import samples, toys
        >>> student = samples.things()[Student]
        >>> len(Beside(generator=Titles())(toys.CORPUS, toys.WRITTEN, student, Context()))
        19
    """

    generator: Generator

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Queries:
        """Add them."""
        made: Queries = apply(self.generator, (corpus, queries, student), ctx)
        new = made.keep([name not in queries.position for name in made["query_id"]])
        return Queries.joined([queries, new])
