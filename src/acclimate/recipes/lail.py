"""lail: programs that make a language model write the right program."""

from __future__ import annotations

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Ref, Scorer
from acclimate.parts import labellers, miners
from acclimate.recipes._examples import ends, examples
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def lail(
    *,
    reader: Ref[Scorer] | NGramReader = NGramReader(),  # noqa: B008 (a value)
    judge: Ref[Scorer] | None = None,
    queries: int = 2_000,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """A requirement asks for programs after which a reader would most likely write its own.

    Documents are examples: their title is a requirement, their text the program. Words bring
    programs whose requirement or text is like a requirement; a frozen reader says after which of
    them it would most likely write the program that the requirement has. The likeliest are relevant
    and the least likely are not: what is not relevant looks as if it were, and is no chance find.

    Rows: [045].

    Paper:   LAIL: Large Language Model-Aware In-Context Learning for Code Generation, 2023.
             https://arxiv.org/abs/2310.09748
    Code:    none followed.
    Differs: how many programs the paper reads and labels is not known; a counting reader reads no
             requirement and sees how the programs share words.
    Cost:    `depth` readings per query; `steps` · `batch` queries with 10 programs of training.

    Args:
        reader: says how likely a program is. A counting one by default; readers.LanguageModel, of
            code.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: requirements to ask with.
        held_out: of them, kept for the gate.
        depth: programs that are read.
        steps: optimiser updates.
        batch: queries per update.
    """
    return Recipe(
        "lail",
        (
            *examples(queries, held_out),
            miners.BM25(depth=depth),
            labellers.ReaderLikelihood(reader=reader, target="output"),
            *ends(steps, batch, learning_rate=2e-5),
        ),
        judge=taught(judge),
    )
