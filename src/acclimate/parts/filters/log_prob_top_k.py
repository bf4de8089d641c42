"""LogProbTopK: the queries their writer was surest of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts.part import Context
from acclimate.tables import Queries


@dataclass(frozen=True, kw_only=True)
class LogProbTopK:
    """The `keep` queries with the highest mean token log-probability under their writer.

    A query that its writer found likely is fluent and near to the document; the others are the
    first to be wrong. Queries whose log-probability is unknown come last.

    Rows: [106].

    Paper:   Bonifacio, Abonizio, Fadaee, Nogueira, InPars, SIGIR 2022, section 3.
             https://arxiv.org/abs/2202.05144
    Code:    zetaalphavector/inpars, inpars/filter.py (mean of the log-probabilities).
    Differs: the order of the queries stays; of equal ones the first stay.
    Cost:    one sort.

    Args:
        keep: how many. Paper: 10,000 of 100,000.

    Returns:
        The queries kept, in their order.
    """

    keep: int = 10_000

    def __post_init__(self) -> None:
        """Refuse to keep nothing."""
        if self.keep < 1:
            raise RecipeError(f"LogProbTopK(keep={self.keep}) keeps nothing. Give 1 or more.")

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        """Keep the likeliest."""
        values = np.array([-np.inf if v is None else v for v in queries["log_prob"]], dtype=float)
        best = np.argsort(-values, kind="stable")[: self.keep]
        kept = np.zeros(len(queries), dtype=bool)
        kept[best] = True
        ctx.note(
            "dropped",
            {
                "less likely": int((~kept & np.isfinite(values)).sum()),
                "without a log-probability": int((~kept & ~np.isfinite(values)).sum()),
            },
        )
        return queries.keep(kept)
