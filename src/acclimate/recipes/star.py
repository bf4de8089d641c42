"""STAR: hard documents of the base model, and random ones for stability."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def star(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 200,
    steps: int = 400,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """Pairs of a source with one hard document, and with all documents of the other queries.

    What the base model finds first for a query is hard to tell from its source, and hard documents
    alone make training unstable; those of the other queries, which are random, hold it. `adore`,
    given the model that comes out, leaves its document vectors and goes on with the queries.

    Rows: [113].

    Paper:   Zhan, Mao, Liu, Guo, Zhang, Ma, Optimizing Dense Retrieval Model Training with Hard
             Negatives, SIGIR 2021, section 4.1. https://arxiv.org/abs/2104.08051
    Code:    jingtaozhan/DRhard, star.
    Differs: queries are written or cut from documents, and their sources stand for judgements; the
             base model stands for a warm-up on judged queries; AdamW, not LAMB.
    Cost:    one search per query; `steps` · `batch` queries with 2 documents of training.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query that the hard one is drawn from. Paper: 200.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest. Paper: 1e-4, of LAMB.
    """
    return Recipe(
        "star",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.WithStudent(depth=depth),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.PairwiseSoftplus(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=learning_rate,
                    warmup=max(1, steps // 10),
                    candidates=2,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
