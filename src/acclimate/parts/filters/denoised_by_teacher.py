"""DenoisedByTeacher: of sources and other documents, those the teacher is sure of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class DenoisedByTeacher:
    """Labels of sources that the teacher finds relevant, and of others that it finds irrelevant.

    A document that is not the source of a query is no reliable negative for that: many found by a
    search are relevant too. What the teacher values above `low` is left out. A source below `high`
    is no reliable positive, and its query loses all its labels.

    Rows: [024].

    Paper:   RocketQAv2: Joint training of retrieval and re-ranking, EMNLP 2021.
             https://arxiv.org/abs/2110.07367
    Code:    none followed.
    Differs: bars on the raw values of any teacher, and not on chances of one trained on judgements.
    Cost:    one pass over the labels.

    Args:
        low: value up to which another document is irrelevant, in the teacher's units. The default
            is the logit of 0.1.
        high: value from which a source is relevant; None: every source is. The default is the
            logit of 0.9.

    Returns:
        The labels kept, in their order. A query whose source no teacher rated keeps those up to
        `low`.
    """

    low: float = -2.2
    high: float | None = 2.2

    def __post_init__(self) -> None:
        """Refuse to hold a document for relevant and irrelevant at once."""
        if self.high is not None and self.high < self.low:
            raise RecipeError(
                f"DenoisedByTeacher(low={self.low}, high={self.high}): what is relevant must be "
                "valued at least as high as what is not."
            )

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Labels:
        """Keep the labels of what the teacher is sure of."""
        told = rated(queries, labels)
        unsure = np.zeros((told.queries, told.teachers), dtype=bool)
        if self.high is not None:
            unsure = told.source < self.high  # nothing is below with NaN
        of_sure = told.each(~unsure)
        sure = told.is_source | (told.value <= self.low)
        ctx.note(
            "dropped",
            {
                "of a query whose source is not surely relevant": int((~of_sure).sum()),
                "not surely irrelevant": int((of_sure & ~sure).sum()),
            },
        )
        return labels.keep(of_sure & sure)
