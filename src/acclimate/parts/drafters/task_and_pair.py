"""TaskAndPair: a language model invents a search task, a query of it, and what it would find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Said
from acclimate.parts._instructed import joined
from acclimate.parts.drafters._written import asked_id, invented, rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Drafts

TEXTS = ("task", "query", "document", "other")
"""What an answer holds."""


@dataclass(frozen=True, kw_only=True)
class TaskAndPair:
    """Queries of invented tasks, each with a document that serves it and one that does not.

    What is written from a corpus asks for what the corpus holds, in one or two ways. Shown a
    document as a sample of the field, a language model thinks of something else that people of
    the field look for: a task in one sentence, a query, the document they hope for, and one that
    is near and no help. The query stands before its task in two lines, as
    `drafters.InstructionNegatives` has it; `generators.Drafted` makes it one of the queries.

    Rows: [078].

    Paper:   BMRetriever: Tuning Large Language Models as Better Biomedical Text Retrievers,
             EMNLP 2024. https://arxiv.org/abs/2404.18443
    Code:    none followed.
    Differs: a document of the corpus says what the field is, where the paper names it; task, pair
             and hard negative come in one answer.
    Cost:    one generation per pair; its answer has four texts, for which the writer's longest
             answer must leave room (about 400 tokens).

    Args:
        writer: invents.
        pairs: how many; documents that show the field are drawn by their ids, each once before one
            is shown again.

    Returns:
        Drafts of the kinds "task" (value 1) and "task_other" (value 0), with the text of their
        query in `asks`.
    """

    writer: Ref[Writer]
    pairs: int = 1_000

    def __post_init__(self) -> None:
        """Refuse to invent nothing."""
        if self.pairs < 1:
            raise RecipeError(f"TaskAndPair(pairs={self.pairs}) writes nothing. Give 1 or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Drafts:
        """Invent the pairs."""
        answers = invented(self, self.writer, "task_and_pair", corpus, self.pairs, ctx)
        pairs: dict[str, list[dict[str, Any]]] = {}
        for answer in answers:
            rows = pair_of(answer)
            if rows:
                pairs.setdefault(rows[0]["query_id"], rows)
        ctx.note("pairs", {"asked for": len(answers), "written": len(pairs)})
        return Drafts.of(row for rows in pairs.values() for row in rows)


def pair_of(answer: Said) -> list[dict[str, Any]]:
    """An answer as drafts; none where a text is missing, or the two documents are the same."""
    told = {name: str(answer.values.get(name, "")).strip() for name in TEXTS}
    if not all(told.values()):
        return []
    asks = joined(told["query"], told["task"])
    documents = (("task", 1.0, told["document"]), ("task_other", 0.0, told["other"]))
    rows = rows_of(asked_id(asks), documents, asks=asks)
    return rows if len(rows) == len(documents) else []
