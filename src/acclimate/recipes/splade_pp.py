"""splade_pp: a sparse student, taught margins on what it finds itself."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, loops, losses, miners, students
from acclimate.parts.part import Loss, Part
from acclimate.recipes._given import asked, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

MARGINS = (0.5, 0.4)
LISTS = (3e-4, 1e-4)
"""Weights of the penalty of queries and of documents, beside a loss of logits and of lists."""


def splade_pp(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 24,
    steps: int = 400,
    batch: int = 16,
    rounds: int = 2,
) -> Recipe:
    """SPLADE++: weights of words, by distillation, from documents that words and student find.

    A second round is taught on what the sparse student of the first finds, as in the paper's
    self-distillation. Give a sparse encoder (`encoders.Sparse`) or a masked language model as the
    student; a dense encoder has no head for words, and one that begins at chance needs far more
    updates than these. Where the start is no dense encoder, give a teacher.

    Rows: [057].

    Paper:   Formal, Lassance, Piwowarski, Clinchant, From Distillation to Hard Negative Sampling:
             Making Sparse Neural IR Models More Effective, SIGIR 2022.
             https://arxiv.org/abs/2205.04733
    Code:    naver/splade, its settings; the student is sentence-transformers' own.
    Differs: queries are written or cut from documents; documents come from BM25 and from the
             student, where the paper's ensemble has dense retrievers too; without a teacher, whole
             lists of the offline one are learned, with the weights the paper has for contrast.
    Cost:    one teacher call per query and candidate of a round; `rounds` · `steps` · `batch`
             queries with up to 8 documents of training, each encoded twice.

    Args:
        writer: writes the queries. None: pieces of documents.
        teacher: scores the candidates. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each of two searches brings.
        steps: optimiser updates of a round. Paper: 150,000 in all.
        batch: queries per update. Paper: 128.
        rounds: mining with the student as it then is.
    """
    labeller = taught(teacher)
    of_queries, of_documents = LISTS if teacher is None else MARGINS
    loss: Loss = losses.MarginMSE()
    if teacher is None:
        loss = losses.KLDivergence(teacher_temperature=TEMPERATURE, student_temperature=1.0)
    one_round: tuple[Part, ...] = (
        miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
        *(unread(writer) if teacher is None else ()),
        labeller,
        loops.Fit(
            loss=loss,
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 25),
            candidates=8,
        ),
    )
    return Recipe(
        "splade_pp",
        (
            students.Sparse(
                penalty=losses.Flops(),
                query_weight=losses.QuadraticWarmup(weight=of_queries, steps=steps // 3),
                document_weight=losses.QuadraticWarmup(weight=of_documents, steps=steps // 3),
            ),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=labeller,
    )
