"""ANCE: each round, the student is told from the source what it takes for relevant now."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.recipes._given import asked, read, taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def ance(
    *,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 200,
    steps: int = 150,
    batch: int = 32,
    rounds: int = 3,
) -> Recipe:
    """Rounds of contrast with one document drawn from the student's own first ones.

    The documents a student ranks high and should not are those it has most to learn from, and they
    are others after each training; so the index is built anew for every round.

    Paper:   Xiong, Xiong, Li, Tang, Liu, Bennett, Ahmed, Overwijk, Approximate Nearest Neighbor
             Negative Contrastive Learning for Dense Text Retrieval, ICLR 2021.
             https://arxiv.org/abs/2007.00808
    Code:    microsoft/ANCE.
    Differs: queries are written or cut from documents, and their sources stand for judgements; the
             index is built between rounds and not beside the training; the base model stands for
             a warm-up on lexical negatives; the other queries' documents are not relevant either.
    Cost:    `rounds` encodings of the documents; `rounds` · `steps` · `batch` queries with 2
             documents of training.

    Args:
        writer: writes the queries. None: pieces of documents, which are then read without these.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents of a query that one is drawn from. Paper: 200.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: how often the index is built.
    """
    one_round = (
        miners.WithStudent(depth=depth),
        labellers.SourceIsRelevant(),
        read(
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2,
            ),
            writer,
        ),
    )
    return Recipe(
        "ance",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            loops.Rounds(steps=one_round, rounds=rounds),
        ),
        judge=taught(judge),
    )
