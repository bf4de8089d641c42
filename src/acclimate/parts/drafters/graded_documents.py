"""GradedDocuments: a language model writes documents of several levels of relevance."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question
from acclimate.parts.drafters._written import drafted, training
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries

LEVELS = ("irrelevant", "related", "partial", "perfect")
"""Prompts by what a level means: 0, 1, 2, 3."""


@dataclass(frozen=True, kw_only=True)
class GradedDocuments:
    """Documents for each query that trains, from a perfect answer (3) to one that misses it (0).

    A contrast of one relevant document with the rest says nothing about the rest. Written levels
    are an order that one can learn as a list: `losses.GaussianWasserstein`, `losses.ListNet`.

    Rows: [028].

    Paper:   Esfandiarpoor et al., Beyond Contrastive Learning: Synthetic Data Enables List-wise
             Training with Multiple Levels of Relevance, EMNLP 2025 Findings.
             https://arxiv.org/abs/2503.23239
    Code:    BatsResearch/sycl.
    Differs: our own wording; each level is asked for by itself.
    Cost:    one generation per query and level.

    Args:
        writer: writes the documents.
        levels: which, best first. Paper: all four.

    Returns:
        Drafts of the kinds "level 3" to "level 0", whose value is the level, in the order of the
        queries.
    """

    writer: Ref[Writer]
    levels: tuple[int, ...] = (3, 2, 1, 0)

    def __post_init__(self) -> None:
        """Refuse levels that there are not."""
        distinct = set(self.levels)
        if not distinct or len(distinct) < len(self.levels) or distinct - {0, 1, 2, 3}:
            raise RecipeError(
                f"GradedDocuments(levels={self.levels}): name each once, at least one, of 0 to 3."
            )

    @property
    def per_query(self) -> int:
        """Generations for each query."""
        return len(self.levels)

    def __call__(self, queries: Queries, ctx: Context) -> Drafts:
        """Write the documents."""
        asked = {
            query["query_id"]: Question(data={"query": query["text"]})
            for query in training(queries)
        }
        wanted = [(f"level {n}", float(n), f"level_{LEVELS[n]}", 1) for n in self.levels]
        return drafted(self, self.writer, asked, wanted, ctx)
