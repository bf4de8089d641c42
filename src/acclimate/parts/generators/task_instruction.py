"""TaskInstruction: queries that say which task they are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.parts._instructed import joined
from acclimate.parts.generators._written import query_id
from acclimate.parts.part import Context, Generator, apply
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class TaskInstruction:
    """Puts an instruction behind each query of a generator, as "Find a table" behind "orders".

    One student that serves several tasks is told by the instruction which of them is meant. It
    stands on a line of its own, as all instructions to a student do (`generators.Instructions`,
    `evaluators.InstructionFollowing`): ask the student with the same two lines.

    Rows: [103], [110].

    Paper:   Multi-task retriever fine-tuning for domain-specific and efficient RAG, 2025.
             https://arxiv.org/abs/2501.04652; Retrieve Anything To Augment Large Language Models
             (LLM-Embedder), 2023. https://arxiv.org/abs/2310.07554
    Code:    none followed.
    Differs: behind the query, where the papers have it before; documents get no instruction of
             their task's (`students.Instructed` has one for all).
    Cost:    that of the generator.

    Args:
        generator: writes the queries.
        instruction: what is asked for, in a sentence.

    Returns:
        Its queries with the instruction, in their order; of the same kind.

    Example:
        >>> from acclimate.parts.generators.titles import Titles
        >>> corpus = Corpus.of([{"doc_id": "a", "title": "Oiling a chain", "text": "Wipe it."}])
        >>> part = TaskInstruction(generator=Titles(), instruction="Find the steps.")
        >>> print(part(corpus, Context())["text"][0])
        Oiling a chain
        Find the steps.
    """

    generator: Generator
    instruction: str

    def __post_init__(self) -> None:
        """Refuse an instruction that says nothing."""
        if not self.instruction.strip():
            raise RecipeError("TaskInstruction(instruction='') says nothing. Name the task.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Let the generator write, and say what for."""
        queries: Queries = apply(self.generator, (corpus,), ctx)
        return Queries.of(self._told(row) for row in queries.dicts())

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        text = joined(row["text"], self.instruction)
        named = query_id(row["source_doc_id"] or "", row["kind"] or "", text)
        return {**row, "text": text, "query_id": named}
