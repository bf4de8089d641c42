"""Instructions: a language model says what else a query's document has to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._instructed import KIND, joined
from acclimate.parts._sources import sources
from acclimate.parts.generators._written import behind
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

STYLES = (
    "a condition that the document has to meet",
    "what the document must not be about",
    "what kind of document it has to be",
    "who they are and what they need it for",
    "a description of the document, without its words",
)
LENGTHS = (
    "in a few words",
    "in one sentence",
    "in two or three sentences",
    "in a short paragraph",
)


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """The queries, and behind each that trains its twin with an instruction.

    "bees in winter" becomes "bees in winter" and, in a second line, "Only documents about wild
    bees; not about honey." The document of the query meets it, so that both have the same source.
    Style and length of an instruction are drawn by the query's id. With twins alone a student
    learns to read over instructions: `drafters.InstructionNegatives` brings what breaks them.

    Rows: [112].

    Paper:   Weller, Van Durme, Lawrie, Paranjape, Zhang, Hessel, Promptriever: Instruction-Trained
             Retrievers Can Be Prompted Like Language Models, ICLR 2025.
             https://arxiv.org/abs/2409.11136
    Code:    orionw/promptriever.
    Differs: our own wording, styles and lengths.
    Cost:    one generation per query with an instruction.

    Args:
        writer: writes the instructions.
        styles: what an instruction says, in words the writer knows.
        lengths: how long it is, likewise.
        share: of the queries that train and have a source, those with a twin, 0…1.

    Returns:
        The queries in their order; a twin is of kind "instructed". Held-out queries have none.
    """

    writer: Ref[Writer]
    styles: tuple[str, ...] = STYLES
    lengths: tuple[str, ...] = LENGTHS
    share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse nothing to say, and a share that is none."""
        if not self.styles or not self.lengths or not 0 < self.share <= 1:
            raise RecipeError(
                f"{self!r}: name a style and a length or more, and give a share above 0 and at "
                "most 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Write the instructions."""
        own, contents, rows = sources(corpus, queries), corpus.contents, queries.dicts()
        key, asked, questions = salt(ctx, self), [], []
        for row, query in enumerate(rows):
            rng = rng_of(query["query_id"], key)
            if own[row] < 0 or query["split"] != "train" or query["kind"] == KIND:
                continue
            if rng.random() < self.share:
                asked.append(row)
                questions.append(self._question(query["text"], contents[own[row]], rng))
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(self.writer, load("instruction"), questions, ctx, seed=seed)
        twins = {
            row: [(KIND, joined(rows[row]["text"], s.text), s.log_prob) for s in answers if s.text]
            for row, answers in zip(asked, said, strict=True)
        }
        result = behind(queries, twins)
        ctx.note("instructions", len(result) - len(queries))
        return result

    def _question(self, query: str, document: str, rng: np.random.Generator) -> Question:
        style = self.styles[int(rng.integers(len(self.styles)))]
        length = self.lengths[int(rng.integers(len(self.lengths)))]
        return Question(
            data={"query": query, "document": document}, words={"style": style, "length": length}
        )
