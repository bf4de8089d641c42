"""RocketQAv2: retriever and ranker learn at once, from lists of three kinds of documents."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers import CrossEncoder
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.parts.part import Loss, Part
from acclimate.recipes._given import asked, read, taught, told
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def rocketqa_v2(
    *,
    ranker: CrossEncoder | None = None,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    width: int = 32,
    steps: int = 400,
    batch: int = 12,
) -> Recipe:
    """The student learns the distribution of a ranker that learns beside it, from the same lists.

    A list holds a query's source and documents that words, the student and chance bring. With a
    teacher, those that it does not find clearly irrelevant are left out, and so are queries whose
    source it does not find relevant; random documents stay undisputed either way. The ranker is
    to put the source first, the student to say what the ranker says at that moment.

    Rows: [024].

    Paper:   RocketQAv2: Joint training of retrieval and re-ranking, EMNLP 2021.
             https://arxiv.org/abs/2110.07367
    Code:    the authors' release, in Paddle.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             undenoised lists are those without a teacher, and not a part of all; no queries are
             added from elsewhere; cosines are divided by 0.05, the paper's dot products by 1.
    Cost:    one encoding of the documents, with a teacher one call per candidate; `steps` ·
             `batch` queries and `width` documents, trained by both, and read by the ranker once
             more.

    Args:
        ranker: what the ranker starts from. None: the base model, made to read pairs.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        teacher: tells what is surely relevant or irrelevant, and judges for the gate. None: lists
            stay as they were found, and words and vectors of the base model judge.
        queries: how many to write.
        held_out: of them, kept for the gate.
        width: documents of a list. Paper: 32 (NQ) or 128 (MS MARCO).
        steps: optimiser updates.
        batch: queries of each. Paper: 384 pairs.
    """
    each = max(1, (width - 1) // 3)
    labelled: tuple[Part, ...] = (labellers.SourceIsRelevant(),)
    if teacher is not None:
        labelled = (told(labellers.Score(teacher=teacher), writer), filters.DenoisedByTeacher())
    distribution = losses.KLDivergence(teacher_temperature=1.0, student_temperature=TEMPERATURE)
    return Recipe(
        "rocketqa_v2",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union(
                (
                    miners.BM25(depth=each),
                    miners.WithStudent(depth=each),
                    miners.RandomDocuments(count=each),
                )
            ),
            *labelled,
            read(
                loops.DynamicListwiseDistillation(
                    loop=_fit(distribution, steps, batch, width),
                    ranker=_fit(losses.ListSoftmaxCE(), steps, batch, width),
                    shape=students.Reranker(training_tokens=160),
                    base=ranker,
                ),
                writer,
            ),
        ),
        judge=taught(teacher),
    )


def _fit(loss: Loss, steps: int, batch: int, width: int) -> loops.Fit:
    """Updates at the paper's learning rate."""
    return loops.Fit(
        loss=loss,
        steps=steps,
        batch=batch,
        learning_rate=1e-5,
        warmup=max(1, steps // 10),
        candidates=width,
    )
