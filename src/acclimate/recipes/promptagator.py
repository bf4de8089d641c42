"""promptagator: queries after eight examples of the task, and only those that lead back."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, miners
from acclimate.parts.generators.few_shot import Example
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def promptagator(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    examples: tuple[Example, ...] | None = None,
    documents: int = 5_000,
    per_document: int = 8,
    held_out: int = 200,
    steps: int = 300,
    batch: int = 32,
) -> Recipe:
    """A handful of a task's queries say what people ask there; a language model writes the rest.

    The writer sees a few documents with their queries before each document, so that its queries
    are of the task's kind. A student is trained on all of them, with the batch as contrast, and
    then asked where each leads: those that find their document first are kept, and the student
    learns from these alone, from where it began.

    Paper:   Dai et al., Promptagator: Few-shot Dense Retrieval From 8 Examples, ICLR 2023.
             https://arxiv.org/abs/2209.11755
    Code:    none published.
    Differs: an encoder that retrieves already adapts, where the paper pre-trains one; its reranker
             (Promptagator++) is left out; held-out queries are not filtered: a student must not
             choose by what it is judged.
    Cost:    `per_document` generations per document, and two trainings.

    Args:
        writer: writes the queries.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        examples: documents with a good and a bad query of the task at hand; the bad one is not
            shown. None: three of our own. Paper: 2 to 8 of the task.
        documents: how many are asked for queries.
        per_document: queries of each. Paper: 8.
        held_out: queries kept for the gate.
        steps: optimiser updates of each training.
        batch: queries per update; their documents are each other's negatives.
    """
    fit = in_batch(steps=steps, batch=batch, learning_rate=2e-5)
    random, relevant = miners.RandomDocuments(count=1), labellers.SourceIsRelevant()
    return Recipe(
        "promptagator",
        (
            generators.FewShot(
                writer=writer, examples=examples, documents=documents, per_document=per_document
            ),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(rounds=1, steps=(random, relevant, fit)),
            filters.RoundTrip(depth=1, by="student"),
            loops.Rounds(rounds=1, steps=(random, relevant, fit), restart=True),
        ),
        judge=graded(judge),
    )
