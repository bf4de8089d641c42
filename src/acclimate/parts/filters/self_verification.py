"""SelfVerification: a language model looks whether what was written is what it was meant to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, verdicts
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries


@dataclass(frozen=True, kw_only=True)
class SelfVerification:
    """Drafts that a judge takes for what they were meant to be; a bad one becomes a negative.

    A model that writes what a query asks for makes things up, and knows it when it is asked again.
    A draft meant to be relevant (of a value above 0) that does not meet its query is no loss: it
    looks right and is not, which is what a hard negative is. With check="all" drafts meant to be
    irrelevant are looked at too, and those that meet their query after all leave.

    Rows: [016], [112].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025 (a "no" relabels). https://arxiv.org/abs/2502.03824
             All drafts, by another model, inconsistent ones dropped: Weller et al., Promptriever,
             ICLR 2025. https://arxiv.org/abs/2409.11136
    Code:    kmswin1/Syntriever; orionw/promptriever (threshold over "false" and "true").
    Differs: our own wording; where the server gives log-probabilities they decide.
    Cost:    one judgement per draft looked at.

    Args:
        writer: judges. Syntriever: the writer itself. Promptriever: another model.
        check: drafts of a value above 0, or all.
        on_fail: what becomes of a draft meant to be relevant that is not.
        threshold: probability of "true" at least, where it is known.

    Returns:
        The drafts kept, in their order. Those looked at without a verdict leave.
    """

    writer: Ref[Writer]
    check: Literal["positives", "all"] = "positives"
    on_fail: Literal["relabel", "drop"] = "relabel"
    threshold: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability."""
        if not 0 < self.threshold <= 1:
            raise RecipeError(
                f"SelfVerification(threshold={self.threshold}) must be above 0 and at most 1."
            )

    def __call__(self, queries: Queries, drafts: Drafts, ctx: Context) -> Drafts:
        """Look at the drafts."""
        texts = dict(zip(queries["query_id"], queries["text"], strict=True))
        rows = drafts.following(queries).dicts()
        asked = [row for row in rows if self.check == "all" or row["value"] > 0]
        questions = [
            Question(data={"query": texts[row["query_id"]], "document": row["text"]})
            for row in asked
        ]
        told = verdicts(self.writer, load("relevant"), questions, ctx, threshold=self.threshold)
        met = {id(row): verdict for row, verdict in zip(asked, told, strict=True)}
        kept = [self._kept(row, met[id(row)]) if id(row) in met else row for row in rows]
        failed = sum(met[id(row)] is False for row in asked if row["value"] > 0)
        ctx.note(
            "verified",
            {
                "looked at": len(asked),
                "meant to be relevant and not": failed,
                "not meant to be and relevant": sum(
                    met[id(row)] is True for row in asked if row["value"] <= 0
                ),
                "no verdict": told.count(None),
            },
        )
        return Drafts.of(row for row in kept if row is not None)

    def _kept(self, row: dict[str, Any], met: bool | None) -> dict[str, Any] | None:  # noqa: FBT001
        """A draft after its verdict; None: it leaves."""
        relevant = row["value"] > 0
        if met is None or (met and not relevant):
            return None
        if relevant and not met:
            return {**row, "value": 0.0} if self.on_fail == "relabel" else None
        return row
