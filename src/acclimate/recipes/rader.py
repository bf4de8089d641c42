"""rader: queries from solved problems, for questions whose document must be thought of."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes.recipe import Recipe


def rader(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 1_000,
    rollouts: int = 16,
    held_out: int = 200,
    depth: int = 50,
    steps: int = 200,
    batch: int = 32,
) -> Recipe:
    """The student learns to find what a problem needs, from problems that were solved with it.

    A language model writes problems from documents and solves them step by step, with a search. A
    document that was found on a way to the right answer is what the problem, the solution so far
    and the search ask for. Whether an answer is right nobody has to judge: it was written with the
    problem. For collections of rules, theorems, methods and instructions.

    Rows: [094].

    Paper:   RaDeR: Reasoning-aware Dense Retrieval Models, 2025. https://arxiv.org/abs/2505.18405
    Code:    Debrup-61/RaDeR (no code taken).
    Differs: problems are written from the documents; an encoder of any size whose weights all
             learn, where the paper adapts a language model; negatives come from BM25 alone.
    Cost:    one generation per document, and per problem up to 5 · `rollouts` generations until it
             is solved; with a judge about 30 judgements per held-out query.

    Args:
        writer: writes problems and solves them.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a problem.
        rollouts: tries for a problem at most. Paper: 16.
        held_out: queries kept for the gate.
        depth: results of BM25, of which eleven are negatives. Paper: 12 documents for a query.
        steps: optimiser updates. Paper: 1 epoch.
        batch: queries per update.
    """
    return Recipe(
        "rader",
        (
            generators.Trajectories(writer=writer, documents=documents, rollouts=rollouts),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.BM25(depth=depth),
            filters.Sample(per_query=11),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=0.01, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=12,
            ),
        ),
        judge=graded(judge),
    )
