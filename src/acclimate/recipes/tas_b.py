"""TAS-B: batches of one topic, and a teacher for every pair in them."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, loops, losses, miners
from acclimate.recipes._given import asked, taught
from acclimate.recipes.recipe import Recipe


def tas_b(
    *,
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 50,
    steps: int = 400,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Topic-aware batches: a query learns its own margin and those of its topic's documents.

    A batch is a topic of like queries, so that the documents of the others are hard for each. Each
    query brings two documents of every distance to its source, the rare ones as often. The teacher
    judges every query with every document of its topic; the student learns the margin of the
    query's source against a document of its own, and against all others of the batch.

    Rows: [019].

    Paper:   Hofstätter, Lin, Yang, Lin, Hanbury, Efficiently Teaching an Effective Dense Retriever
             with Balanced Topic Aware Sampling, SIGIR 2021. https://arxiv.org/abs/2104.06967
    Code:    sebastian-hofstaetter/tas-balanced-dense-retrieval.
    Differs: margins are balanced when documents are drawn for a query, and not at each update. One
             teacher judges both kinds of pairs, before training; the paper has a cross-encoder for
             the first and a late interaction for the second. Queries are written or cut from
             documents, topics have one size, and the training is as long as a corpus of one's own
             needs.
    Cost:    one teacher call per query and document that BM25 finds, and of its topic, about
             `depth` + 3 · `batch` for each query; `steps` · `batch` queries and their documents of
             training.

    Args:
        writer: writes the queries. None: pieces of documents.
        teacher: judges the pairs. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: candidates of BM25, of which a query brings two to its topic.
        steps: optimiser updates.
        batch: queries of a topic, and of an update. Paper: 32 or 256.
        learning_rate: at its highest.
    """
    labeller = taught(teacher)
    balanced = miners.BalancedMargin(miner=miners.BM25(depth=depth), labeller=labeller, count=2)
    return Recipe(
        "tas_b",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.Topics(size=batch),
            miners.Topical(miner=balanced, each=3),
            labeller,
            loops.Fit(
                loss=losses.InBatchMarginMSE(own=2, weight=0.75),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
                candidates=2,
            ),
        ),
        judge=labeller,
    )
