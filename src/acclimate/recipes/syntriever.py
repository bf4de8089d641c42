"""syntriever: written passages first, then what a language model prefers."""

from __future__ import annotations

from acclimate.models.ref import Ref, Writer
from acclimate.parts import drafters, filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import LOCAL, graded
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def syntriever(
    *,
    writer: Ref[Writer] = LOCAL,
    judge: Ref[Writer] | None = None,
    documents: int = 2_000,
    held_out: int = 200,
    depth: int = 5,
    steps: int = 200,
    compared_steps: int = 100,
    batch: int = 16,
) -> Recipe:
    """A language model writes what it would like to find, then compares what the student finds.

    First stage: for each query the model writes a passage that answers it, one that only looks
    like it, and the way to the answer step by step. It reads them again; what does not answer the
    query after all becomes a negative. The student learns to put the query's document and its two
    passages together above all others. Second stage: of what the student then finds first, the
    model says of each two which is better, and the student learns that order. Written passages
    teach, and are never found.

    Rows: [016].

    Paper:   Kim, Baek, Syntriever: How to Train Your Retriever with Synthetic Data from LLMs,
             NAACL Findings 2025. https://arxiv.org/abs/2502.03824
    Code:    kmswin1/Syntriever.
    Differs: queries are written too, where the paper has a task's own; each pair is compared in
             both orders; a random document per query is a further negative of the first stage.
    Cost:    one generation per document, then per query three generations, two judgements and
             depth × (depth − 1) comparisons.

    Args:
        writer: writes queries and passages, verifies and compares.
        judge: grades held-out pairs for the gate; another model than the writer. None: words and
            vectors of the base model.
        documents: how many are asked for a query.
        held_out: queries kept for the gate.
        depth: documents of a query that are compared, each with each. Paper: 5.
        steps: optimiser updates of the first stage.
        compared_steps: of the second.
        batch: queries per update.
    """
    return Recipe(
        "syntriever",
        (
            generators.FewShot(writer=writer, documents=documents),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            drafters.SyntheticPassages(writer=writer),
            filters.SelfVerification(writer=writer),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            loops.WithDrafts(
                loop=loops.Fit(
                    loss=losses.SummedSimilarity(temperature=TEMPERATURE),
                    steps=steps,
                    batch=batch,
                    learning_rate=2e-5,
                    warmup=max(1, steps // 10),
                    candidates=5,
                )
            ),
            loops.Rounds(
                rounds=1,
                steps=(
                    miners.WithStudent(depth=depth),
                    labellers.Pairwise(writer=writer, depth=depth),
                    loops.Fit(
                        loss=losses.PartialPlackettLuce(temperature=TEMPERATURE),
                        steps=compared_steps,
                        batch=batch,
                        learning_rate=1e-5,
                        warmup=max(1, compared_steps // 10),
                        candidates=depth,
                    ),
                ),
            ),
        ),
        judge=graded(judge),
    )
