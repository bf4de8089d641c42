"""pirb: a teacher's vectors, then contrast, then a learned combination with BM25."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught, told
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def pirb(
    *,
    teacher: Dense | None = None,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    steps: int = 200,
    batch: int = 64,
) -> Recipe:
    """A dense student learns in two stages, and a ranker how far to believe it, and how far words.

    With a teacher, such as a larger encoder or one of another language, the student first learns
    to give its vectors of the documents. Then it learns by contrast, with the documents of a large
    batch. The ranker is kept in the folder `ranker` of the step `FusionRanker`; search with
    `indexes.LearnedFusion(folder, (BM25(), Flat(student)))`.

    Rows: [089].

    Paper:   Dadas, Perełkiewicz, Poświata, PIRB: A Comprehensive Benchmark of Polish Dense and
             Hybrid Text Retrieval Methods, LREC-COLING 2024. https://arxiv.org/abs/2402.13350
    Code:    sdadas/pirb.
    Differs: the documents stand where the paper has 60 million translations, and written queries
             where it has MS MARCO; the ranker learns from a teacher's values, and the student's
             lists are of the queries that it learned from; a small network for boosted trees.
    Cost:    with a teacher, one encoding of the documents with it and `steps` · `batch` documents
             of training; `steps` · `batch` queries with 2 documents of training; one value of the
             judge for every candidate.

    Args:
        teacher: whose vectors the student takes over first. None: it begins with its own.
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: says what is relevant to the ranker, and judges for the gate. None: words and vectors
            of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: candidates of BM25, and of the student.
        steps: optimiser updates of each stage.
        batch: queries per update, or documents.
    """
    labeller = taught(judge)
    mined = miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth)))
    fit = loops.Fit(
        loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
        steps=steps,
        batch=batch,
        learning_rate=2e-5,
        warmup=max(1, steps // 10),
        candidates=2,
    )
    copied = loops.VectorDistillation(
        loss=losses.EmbeddingDistillation(),
        teacher=teacher,
        steps=steps,
        batch=batch,
        warmup=max(1, steps // 10),
    )
    return Recipe(
        "pirb",
        (
            *(() if teacher is None else (copied,)),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Staged(stages=((mined, labellers.SourceIsRelevant(), read(fit, writer)),)),
            mined,
            told(labeller, writer),
            loops.FusionRanker(
                loss=losses.PairwiseLogistic(temperature=1.0),
                members=(miners.BM25(depth=100), miners.WithStudent(depth=100)),
            ),
        ),
        judge=labeller,
    )
