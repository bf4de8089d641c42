"""apollo: a reranker for figures, taught to tell one document with numbers from another."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes.recipe import Recipe


def apollo(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 200,
    depth: int = 50,
    negatives: int = 3,
    steps: int = 300,
    batch: int = 8,
) -> Recipe:
    """A cross-encoder answers yes or no for a document with numbers, and for others that have some.

    In reports and tables many sentences say the same of another year or amount. Queries come from
    documents with numbers; what is told apart from their sources is the nearest by words that has
    numbers too. Give a cross-encoder as the student: what comes out is a reranker.

    Rows: [013].

    Paper:   Sun et al., APOLLO: An Optimized Training Approach for Long-form Numerical Reasoning,
             LREC-COLING 2024. https://arxiv.org/abs/2212.07249
    Code:    none followed.
    Differs: queries are written or cut from documents, and their sources stand for judgements;
             documents are told apart over the whole corpus, not within one report, and what is told
             apart is the nearest with numbers (the released code draws evenly from all facts); the
             part that writes programs is left out.
    Cost:    one search by words per query; `steps` · `batch` queries of training, each read with
             1 + `negatives` documents; the gate reads 30 documents of each held-out query.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate; a stronger model than the student. None: words
            and vectors of a small encoder.
        queries: how many to write; those from documents without numbers are left out.
        held_out: of them, kept for the gate.
        depth: documents that BM25 finds, to take those with numbers from.
        negatives: documents a query is told apart from. Paper: 3.
        steps: optimiser updates.
        batch: queries per update.
    """
    return Recipe(
        "apollo",
        (
            students.Reranker(training_tokens=256),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.NumericPositive(),
            filters.HoldOut(queries=held_out),
            miners.NumberAware(miner=miners.BM25(depth=depth), count=negatives),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.TrueFalse(),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=1 + negatives,
                ),
                writer,
            ),
        ),
        judge=taught(judge, encoder=Dense()),
    )
