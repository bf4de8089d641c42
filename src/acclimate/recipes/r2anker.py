"""r2anker: a reranker, taught on documents that several retrievers bring."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes.recipe import Recipe

RETRIEVERS = (Dense(),)
"""What brings documents beside BM25."""

WIDTH = 16
"""Documents a query is read with in an update, its source among them."""


def r2anker(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    retrievers: tuple[Dense, ...] = RETRIEVERS,
    queries: int = 6_000,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 300,
    batch: int = 8,
) -> Recipe:
    """A cross-encoder is to put a query's source before documents of several retrievers.

    The unlabelled relevant documents among those of one retriever are a noise of its own; among
    those of several the noise is less of a kind. What comes out is a reranker, and a teacher for
    other recipes. Give a cross-encoder as the student; it is compared with itself before, on what
    BM25 finds.

    Rows: [087].

    Paper:   Zhou et al., Towards Robust Ranker for Text Retrieval, 2022.
             https://arxiv.org/abs/2206.08063
    Code:    none published.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             retrievers have equal weights, and documents are drawn before training.
    Cost:    one search per query and retriever; `steps` · `batch` queries of training, each read
             with 16 documents; the gate reads 30 documents of each held-out query.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate; a stronger model than the student. None: words
            and vectors of the first retriever.
        retrievers: bring documents, beside BM25.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each retriever brings to a query.
        steps: optimiser updates.
        batch: queries per update.
    """
    found = tuple(miners.DenseSearch(encoder=encoder, depth=depth) for encoder in retrievers)
    return Recipe(
        "r2anker",
        (
            students.Reranker(training_tokens=256),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Mixture((miners.BM25(depth=depth), *found), count=2 * WIDTH),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.ListSoftmaxCE(),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=WIDTH,
                ),
                writer,
            ),
        ),
        judge=taught(judge, encoder=retrievers[0] if retrievers else Dense()),
    )
