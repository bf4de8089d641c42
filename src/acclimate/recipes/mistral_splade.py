"""mistral_splade: a causal language model becomes a sparse student that reads each text twice."""

from __future__ import annotations

from acclimate.models.indexes import BM25
from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes.recipe import Recipe

OF_QUERIES, OF_DOCUMENTS = 3e-4, 1e-4
"""Weights of the penalties, as SPLADE++ has them beside a loss with the batch as contrast."""


def mistral_splade(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    negatives: int = 7,
    steps: int = 600,
    batch: int = 16,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Mistral-SPLADE: weights of words from a decoder, by contrast with documents BM25 finds.

    A decoder has seen more text than any encoder, and names more words that a document is about;
    its tokens see nothing behind them, so each text is read twice and the second copy counts. Give
    a causal language model of any size as the student. One that is a sparse encoder already, or a
    masked language model, learns the same way, and reads once.

    Rows: [052].

    Paper:   Doshi, Kumar, Murthy, P, Sen, Mistral-SPLADE: LLMs for better Learned Sparse
             Retrieval, 2024. https://arxiv.org/abs/2408.11119
    Code:    none followed; the penalties are those of naver/splade.
    Differs: queries are written or cut from documents, and only those stay that BM25 leads back,
             where the paper has public labelled pairs; negatives are BM25's and the batch's; all
             weights learn, where the paper has low-rank matrices; the penalties' weights, which
             grow over a third of the updates, are SPLADE++'s.
    Cost:    no teacher call but the gate's; `steps` · `batch` queries with 1 + `negatives`
             documents of training, each encoded twice and written twice.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without them.
        judge: scores held-out pairs for the gate. None: words, and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        negatives: documents of BM25 for each query.
        steps: optimiser updates.
        batch: queries per update; their documents are each other's negatives.
        learning_rate: at its highest.
    """
    fit = loops.Fit(
        loss=losses.InfoNCE(temperature=1.0, in_batch=True),
        steps=steps,
        batch=batch,
        learning_rate=learning_rate,
        warmup=max(1, steps // 10),
        candidates=1 + negatives,
    )
    return Recipe(
        "mistral_splade",
        (
            students.Sparse(
                penalty=losses.Flops(),
                query_weight=losses.QuadraticWarmup(weight=OF_QUERIES, steps=steps // 3),
                document_weight=losses.QuadraticWarmup(weight=OF_DOCUMENTS, steps=steps // 3),
                training_tokens=256,
            ),
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            filters.RoundTrip(depth=20, index=BM25()),
            miners.BM25(depth=4 * negatives),
            filters.Sample(per_query=negatives),
            labellers.SourceIsRelevant(),
            read(fit, writer),
        ),
        judge=taught(judge),
    )
