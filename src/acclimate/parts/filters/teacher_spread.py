"""TeacherSpread: queries whose documents the teacher tells apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._rated import rated
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries


@dataclass(frozen=True, kw_only=True)
class TeacherSpread:
    """Queries without those whose best and worst document the teacher finds nearly the same.

    A list without differences has nothing to teach, and what differences there are is noise.

    Rows: [110].

    Paper:   LLM-Embedder: Retrieve Anything To Augment LLMs, 2023.
             https://arxiv.org/abs/2310.07554
    Code:    FlagOpen/FlagEmbedding, research/llm_embedder (`teacher_scores_margin`).
    Differs: nothing known.
    Cost:    one pass over the labels.

    Args:
        at_least: highest less lowest value, in the teacher's units; 0 or more. Paper: 0.1, of
            log-likelihoods per token.

    Returns:
        The queries kept, in their order; those without a label stay. Of several teachers each must
        tell the documents apart.
    """

    at_least: float = 0.1

    def __post_init__(self) -> None:
        """Refuse a spread below 0."""
        if self.at_least < 0:
            raise RecipeError(f"TeacherSpread(at_least={self.at_least}): give 0 or more.")

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Queries:
        """Keep those that are told apart."""
        told = rated(queries, labels)
        spread = told.best - told.worst
        flat = np.asarray((np.isfinite(spread) & (spread < self.at_least)).any(axis=1))
        ctx.note("dropped", {"the teacher finds all documents alike": int(flat.sum())})
        return queries.keep(~flat)
