"""question_space: a document answers what is like the questions that were written from it."""

from __future__ import annotations

from acclimate.models.readers import Extractive
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.parts.part import Generator
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

SOFT = 0.2
"""What the teacher's values are divided by: they reach from 0 to 4."""
DEPTH = 10
"""Documents that each of two searches finds for a query."""
ROUND_TRIP = 20
"""Rank up to which a question must lead back to its document."""


def question_space(
    *,
    writer: Ref[Writer] | None = None,
    reader: Extractive | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    steps: int = 200,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Several questions of each document stand for it; two ways to a document are better than one.

    Questions around phrases and masked sentences are written for the whole corpus, and kept where
    they lead back. For each, words and the student find documents; they count by how near the other
    questions of the document are, and by words and vectors of the document itself. What is among
    the best of both comes first. The student learns that list.

    Rows: [082].

    Paper:   Open-Domain Question Answering with Pre-Constructed Question Spaces, 2020.
             https://arxiv.org/abs/2006.08337
    Code:    none followed.
    Differs: the space of questions teaches a retriever of documents, and is not searched when
             somebody asks; without a writer, questions are templates around phrases and sentences
             with a mask; a reader answers questions that are there, and says which have no answer.
    Cost:    encodes documents and queries with the base model; `steps` · `batch` queries with 8
             documents of training; with a writer and a reader one generation and one reading per
             query.

    Args:
        writer: asks the questions. None: phrases and masked sentences are asked about.
        reader: keeps the questions that it finds an answer to in their document, and notes it;
            `acclimate-offline/reader` is one that needs no hub. None: all are kept.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many questions; several of each document, where there are enough.
        held_out: of them, kept for the gate.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    asking: Generator = generators.Mixed(
        (generators.SpanQuestions(per_document=3), generators.SalientSpanMasks(per_document=2)),
        shares=(3.0, 2.0),
        queries=queries,
    )
    if writer is not None:
        asking = generators.DocToQuery(writer=writer, per_document=3, at_least=queries)
    answered = () if reader is None else (filters.Answerable(reader=reader),)
    return Recipe(
        "question_space",
        (
            asking,
            filters.ExactDuplicates(),
            *answered,
            filters.RoundTrip(depth=ROUND_TRIP),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=DEPTH), miners.WithStudent(depth=DEPTH))),
            labellers.Agreement(labellers=(labellers.QuestionSpace(), labellers.Fusion()), top=3),
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=SOFT, student_temperature=TEMPERATURE),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=8,
            ),
        ),
        judge=taught(judge),
    )
