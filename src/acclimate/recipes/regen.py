"""regen: documents for classes that only have names, and a student that tells them apart."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._contrast import in_batch
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe
from acclimate.tables import LogFile

SPAN = "span_cloze"
"""The kind of the queries of the first stage."""

BATCH = 32
"""Queries of an update; of classes, all there are where they are fewer."""


def regen(
    *,
    classes: str = "classes.csv",
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 50,
    rounds: int = 2,
    steps: int = 100,
) -> Recipe:
    """Words of classes find documents, these find more, and the student learns which is of which.

    For a collection that nobody has sorted. A file says the classes: rows with a `text` of a few
    words and the class as their `kind`. The student first learns the collection, by spans that ask
    for their documents; then the words find documents of each class, and these others. What is
    nearer to another class leaves, and what a classifier of the rest holds to be of another one.
    From what is left the student learns to place a document near the words of its class, by a loss
    that wrong labels pull little: a document's class is then the nearest of the words.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed; the settings of the authors' release.
    Differs: the student is its own classifier, by what is near, where the paper trains another
             model on what was found; queries of the gate are spans.
    Cost:    `rounds` + 1 searches for the classes, an encoding of the documents for each training,
             and twice `steps` · 32 queries of training, of classes with 8 documents. With a
             writer four generations per class.

    Args:
        classes: the file; see generators.QueryLog.
        writer: adds descriptions to the words of each class. None: the words alone.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: spans of the first stage.
        held_out: of them, kept for the gate.
        depth: documents that words, or a document, find. Paper: 50 to 100.
        rounds: how often what was found asks for more.
        steps: optimiser updates of each stage.
    """
    collection = (
        filters.OfKind(kinds=(SPAN,)),
        miners.RandomDocuments(count=1),
        labellers.SourceIsRelevant(),
        loops.Cloze(loop=in_batch(steps=steps, batch=BATCH, learning_rate=2e-5)),
    )
    named = (
        filters.OfKind(kinds=(SPAN,), others=True),
        miners.Progressive(miner=miners.WithStudent(depth=depth), rounds=rounds),
        filters.SelfConsistency(),
        labellers.RetrievedClass(),
        loops.Fit(
            loss=losses.SymmetricCE(temperature=TEMPERATURE, in_batch=True),
            steps=steps,
            batch=BATCH,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=8,
        ),
    )
    asked: Generator = generators.QueryLog(log=LogFile(classes))
    if writer is not None:
        asked = generators.ClassDescriptions(writer=writer, classes=LogFile(classes))
    return Recipe(
        "regen",
        (
            generators.SameDocumentSpans(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            generators.Beside(generator=asked),
            loops.Staged(stages=(collection, named)),
        ),
        judge=taught(judge),
    )
