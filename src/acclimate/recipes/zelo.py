"""zelo: teachers vote on pairs of documents, and the student learns how strong each one is."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.parts.part import Labeller
from acclimate.recipes._given import asked, taught, unread
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

LOCAL: tuple[Labeller, ...] = (
    labellers.Fusion(weights=(1.0, 0.0, 0.0)),
    labellers.Fusion(weights=(0.0, 1.0, 0.0)),
    labellers.LateInteraction(),
)
"""Three judges without a model of their own: words, vectors and token vectors."""


def zelo(
    *,
    judges: tuple[Labeller, ...] = LOCAL,
    writer: Ref[Writer] | None = None,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    cycles: int = 4,
    steps: int = 200,
) -> Recipe:
    """Votes on pairs become strengths, and the student learns the distribution of these.

    Words and the student bring a list for each query, without the document whose very words a
    query without a writer is. Its documents meet in pairs along a few
    random cycles; each judge votes for the one that it values more. The strengths under which the
    votes are likeliest are what the student learns: no judge needs units that fit another's.

    Rows: [119].

    Paper:   zELO: ELO-inspired Training Method for Rerankers and Embedding Models, 2025.
             https://arxiv.org/abs/2509.12541
    Code:    zeroentropy-ai/zbench, its contests.
    Differs: judges are local and value documents one by one, where three language models compare
             two at once; a retriever learns the lists, and no reranker stands between.
    Cost:    all judges on 2 · `depth` documents per query; `steps` · 16 queries with as many
             documents of training.

    Args:
        judges: labellers that vote.
        writer: writes the queries. None: pieces of documents.
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate.
        depth: documents each search brings to a list. Paper: 100 in all.
        cycles: how often a document meets two others. Paper: 4.
        steps: optimiser updates.
    """
    return Recipe(
        "zelo",
        (
            asked(writer, queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.Union((miners.BM25(depth=depth), miners.WithStudent(depth=depth))),
            *unread(writer),
            labellers.PairwisePreference(judges=judges, cycles=cycles),
            loops.Fit(
                loss=losses.KLDivergence(teacher_temperature=0.5, student_temperature=TEMPERATURE),
                steps=steps,
                batch=16,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=2 * depth,
            ),
        ),
        judge=taught(judge),
    )
