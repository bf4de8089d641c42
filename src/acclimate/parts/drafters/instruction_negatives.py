"""InstructionNegatives: documents that meet a query and break what is asked of them besides."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question
from acclimate.parts._instructed import split
from acclimate.parts.drafters._written import drafted, training
from acclimate.parts.part import Context
from acclimate.tables import Drafts, Queries


@dataclass(frozen=True, kw_only=True)
class InstructionNegatives:
    """For each query with an instruction: a document that meets both, and some that break one.

    A student that has only met instructions whose documents answer the query anyway learns to
    read over them. These documents are right for the query and wrong for its instruction: to tell
    them apart, it must be read. Whether they are is for a judge to say: put
    `filters.SelfVerification` behind it, with `on_fail="drop"` and `check="all"`.

    Rows: [112].

    Paper:   Weller, Van Durme, Lawrie, Paranjape, Zhang, Hessel, Promptriever: Instruction-Trained
             Retrievers Can Be Prompted Like Language Models, ICLR 2025.
             https://arxiv.org/abs/2409.11136
    Code:    orionw/promptriever.
    Differs: our own wording; each document is asked for by itself.
    Cost:    1 + `each` generations per query with an instruction.

    Args:
        writer: writes the documents.
        each: documents that break a query's instruction. Paper: 3.

    Returns:
        Drafts in the order of the queries: "follows" of value 1, and "breaks" of value 0.
    """

    writer: Ref[Writer]
    each: int = 3

    def __post_init__(self) -> None:
        """Refuse to write nothing."""
        if self.each < 1:
            raise RecipeError(f"InstructionNegatives(each={self.each}): give 1 or more.")

    @property
    def per_query(self) -> int:
        """Generations for each query with an instruction."""
        return 1 + self.each

    def __call__(self, queries: Queries, ctx: Context) -> Drafts:
        """Write the documents."""
        asked = {}
        for query in training(queries):
            text, instruction = split(query["text"])
            if instruction:
                data = {"query": text, "instruction": instruction}
                asked[query["query_id"]] = Question(data=data)
        wanted = [("follows", 1.0, "follows", 1), ("breaks", 0.0, "breaks", self.each)]
        return drafted(self, self.writer, asked, wanted, ctx)
