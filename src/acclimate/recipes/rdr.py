"""rdr: a reader that looks for answers says which documents have one."""

from __future__ import annotations

from acclimate.models.readers import Extractive
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def rdr(
    *,
    reader: Extractive = Extractive(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    temperature: float = 1.0,
    steps: int = 200,
) -> Recipe:
    """The student's distribution over what it finds becomes that of an extractive reader.

    The student finds documents for every query, and a frozen reader says of each how surely it
    would take the answer from there. The student learns to choose as the reader does, most of all
    which document is first.

    Rows: [077].

    Paper:   Is Retriever Merely an Approximator of Reader? (RDR), 2020.
             https://arxiv.org/abs/2010.10999
    Code:    none followed.
    Differs: queries are written or cut from documents, and the student begins as it is, where the
             paper's is DPR; the paper's temperature and number of
             documents are not known; the scores of reader and student are not added up when one
             searches.
    Cost:    one encoding of the documents, one reading per query and candidate; `steps` · 16
             queries with `depth` documents of training.

    Args:
        reader: looks for answers; of DPR, or any model for question answering.
        writer: writes the queries, questions best of all. None: pieces of documents, which are then
            not read for these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query that are read.
        temperature: divides the scores of both.
        steps: optimiser updates.
    """
    return Recipe(
        "rdr",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.WithStudent(depth=depth),
            *unread(writer),
            labellers.Score(teacher=reader),
            loops.Fit(
                loss=losses.KLDivergence(
                    teacher_temperature=temperature, student_temperature=temperature * TEMPERATURE
                ),
                steps=steps,
                batch=16,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=depth,
            ),
        ),
        judge=taught(judge),
    )
