"""reacc: code that does the same in other words, and the piece that comes next."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, miners
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._given import taught
from acclimate.recipes.recipe import Recipe


def reacc(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    rename_rate: float = 0.85,
    shortest: float = 0.5,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Unfinished code with other names finds the original, among the code of its batch.

    Names are exchanged, a statement comes in that does nothing, and the end is cut off: what is
    left is what the code does. Where long files were split, the end of a piece asks for the piece
    that follows as well. No model but the student is needed. Serve it with
    `indexes.Interpolated(Flat(student))`: 100 times the cosine and 1.1 times BM25, as the paper
    does, since the names that are left do find.

    Rows: [041].

    Paper:   ReACC: A Retrieval-Augmented Code Completion Framework, 2022.
             https://arxiv.org/abs/2203.07722
    Code:    the settings of the authors' release.
    Differs: adapts an encoder that retrieves already, with one vector of a text; pieces are those
             of the run, which need not be programs, and the paper's completion model is not asked:
             the gate measures what is found. Python, and other languages with the `code` extra.
    Cost:    a few parses of each document; `steps` · `batch` queries with a document of training;
             no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many, two in three of them transformed code where there are next pieces.
        held_out: of them, kept for the gate.
        rename_rate: how often a name becomes another one. Paper: 0.85.
        shortest: share of the lines that are left.
        steps: optimiser updates.
        batch: queries per update; their documents are each other's negatives.
        learning_rate: at its highest.
    """
    transforms = generators.CodeTransforms(rename_rate=rename_rate, shortest=shortest)
    return Recipe(
        "reacc",
        (
            generators.Mixed(
                (transforms, generators.NextChunk()), shares=(2.0, 1.0), queries=queries
            ),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            in_batch(steps=steps, batch=batch, learning_rate=learning_rate),
        ),
        judge=taught(judge),
    )
