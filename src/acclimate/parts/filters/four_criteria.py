"""FourCriteria: a language model looks whether a query is answered, complete, specific, natural."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import about_sources, ask
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Criterion = Literal["answered", "complete", "specific", "natural"]
CRITERIA: tuple[Criterion, ...] = ("answered", "complete", "specific", "natural")


@dataclass(frozen=True, kw_only=True)
class FourCriteria:
    """Queries of which a judge says that they can be answered, and are worth to be asked.

    A written query fails in few ways. Its document does not *answer* it. It is not *complete*:
    "what does the author say about it" can be asked of any text. It is not *specific*, so that its
    document is one of many. It is not *natural*: nobody would ask for what stands only there, in
    the words that stand only there. One question of a judge tells all four, and which of them a
    writer breaks stands in the notes. `filters.JudgeFilter` looks at the first alone.

    Origin:  own; each criterion is usual where queries are written by a language model.
    Code:    none published.
    Differs: nothing known.
    Cost:    one judgement per query.

    Args:
        writer: judges; another model than wrote the queries, if there is one.
        criteria: those that have to be met.

    Returns:
        The queries that meet all of them, in their order. Queries without a source document stay;
        those without a verdict leave.
    """

    writer: Ref[Writer]
    criteria: tuple[Criterion, ...] = CRITERIA

    def __post_init__(self) -> None:
        """Refuse to look at nothing, and criteria that nobody is asked about."""
        if not self.criteria or set(self.criteria) - set(CRITERIA):
            known = ", ".join(CRITERIA)
            raise RecipeError(
                f"FourCriteria(criteria={self.criteria}): name one or more of {known}."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep those that meet the criteria."""
        rows, questions = about_sources(corpus, queries)
        said = ask(self.writer, load("criteria"), questions, ctx)
        told = [answers[0].values for answers in said]
        kept = np.ones(len(queries), dtype=bool)
        kept[rows] = [all(values.get(name) is True for name in self.criteria) for values in told]
        ctx.note(
            "dropped",
            {
                **{
                    f"not {name}": sum(values.get(name) is False for values in told)
                    for name in self.criteria
                },
                "no verdict": sum(not values for values in told),
                "in all": int((~kept).sum()),
            },
        )
        return queries.keep(kept)
