"""SyntheticPassages: a language model writes what a query asks for, and what only looks like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question
from acclimate.parts.drafters._written import drafted, training
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries

Kind = Literal["relevant", "distractor", "expansion"]
VALUES: dict[Kind, float] = {"relevant": 1.0, "distractor": 0.0, "expansion": 1.0}


@dataclass(frozen=True, kw_only=True)
class SyntheticPassages:
    """Passages for each query that trains: relevant, plausible but not, and a way to the answer.

    "relevant" answers the query; a "distractor" is on its subject, in its words, and does not;
    an "expansion" works from the query to its answer, step by step. A language model errs, and
    errs boldly: put `filters.SelfVerification` behind it.

    Rows: [010], [016].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025. https://arxiv.org/abs/2502.03824
             Written negatives: ReasonIR: Training Retrievers for Reasoning Tasks, 2025.
             https://arxiv.org/abs/2504.20595
    Code:    kmswin1/Syntriever.
    Differs: our own wording; each passage is asked for by itself.
    Cost:    one generation per query and kind.

    Args:
        writer: writes the passages.
        kinds: which, in the order in which a query's passages come.
        each: passages of each kind for a query. Paper: 1.

    Returns:
        Drafts in the order of the queries: of value 1, or 0 where they are distractors.
    """

    writer: Ref[Writer]
    kinds: tuple[Kind, ...] = ("relevant", "distractor", "expansion")
    each: int = 1

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if not self.kinds or len(set(self.kinds)) < len(self.kinds) or self.each < 1:
            raise RecipeError(
                f"SyntheticPassages(kinds={self.kinds}, each={self.each}): name each kind once, at "
                "least one, and give each=1 or more."
            )

    @property
    def per_query(self) -> int:
        """Generations for each query."""
        return self.each * len(self.kinds)

    def __call__(self, queries: Queries, ctx: Context) -> Drafts:
        """Write the passages."""
        asked = {
            query["query_id"]: Question(data={"query": query["text"]})
            for query in training(queries)
        }
        wanted = [(kind, VALUES[kind], f"passage_{kind}", self.each) for kind in self.kinds]
        return drafted(self, self.writer, asked, wanted, ctx)
