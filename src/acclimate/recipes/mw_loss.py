"""mw_loss: all relevant scores of a batch above all others, so that one threshold serves."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes.recipe import Recipe


def mw_loss(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 30,
    hard: int = 5,
    steps: int = 100,
    batch: int = 64,
) -> Recipe:
    """The Mann-Whitney loss: every source scores above every other document of the whole batch.

    A contrastive loss compares the documents of one query only, so that scores of two queries
    mean different things. Here they are compared across queries too: take it where a threshold
    decides what is shown.

    Rows: [042].

    Paper:   Optimizing What Matters: AUC-Driven Learning for Robust Neural Retrieval, 2025.
             https://arxiv.org/abs/2510.00137
    Code:    none published.
    Differs: queries are written or cut from documents, their sources stand for judgements, and the
             number of steps is given, where the paper stops early on judged queries.
    Cost:    one search per query; `steps` · `batch` queries with 1 + `hard` documents of training;
             the scores of a batch are compared in pairs, about `batch`³ · (1 + `hard`).

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents the student finds for a query, of which the hard ones are drawn.
        hard: of these, in a step. Paper: 5.
        steps: optimiser updates.
        batch: queries per update. Paper: 64 for small models.
    """
    return Recipe(
        "mw_loss",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.WithStudent(depth=depth),
            labellers.SourceIsRelevant(),
            read(
                loops.Fit(
                    loss=losses.MannWhitney(temperature=0.01),
                    steps=steps,
                    batch=batch,
                    learning_rate=3e-5,
                    warmup=min(500, max(1, steps // 10)),
                    candidates=1 + hard,
                ),
                writer,
            ),
        ),
        judge=taught(judge),
    )
