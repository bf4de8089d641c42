"""QGen: synthetic queries and in-batch negatives; the baseline GPL improves on."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes.recipe import Recipe


def qgen(
    *,
    writer: Ref[Writer] = Seq2Seq("BeIR/query-gen-msmarco-t5-base-v1"),  # noqa: B008
    judge: Ref[Scorer] = CrossEncoder("cross-encoder/ms-marco-MiniLM-L-6-v2"),  # noqa: B008
    queries: int = 250_000,
    steps: int = 3_333,
    batch: int = 75,
    held_out: int = 1_000,
) -> Recipe:
    """Synthetic queries; the document each was written from is its positive, the others are not.

    Paper:   Ma, Korotkov, Yang, Hall, McDonald, Zero-shot Neural Passage Retrieval via
             Domain-targeted Synthetic Question Generation, EACL 2021.
             https://arxiv.org/abs/2004.14503
    Code:    UKPLab/gpl, gpl/toolkit/mnrl.py (batch 75, one epoch, 10 % warm-up, cosine × 20).
    Differs: `held_out` queries train nothing: the gate needs them.
    Cost:    one generation per query; no teacher call but the gate's.

    Args:
        writer: writes the queries.
        judge: scores held-out pairs for the gate; the training sees none of it.
        queries: how many to write about; 3 per document, or more where the corpus is small.
        steps: optimiser updates; the paper's one epoch is queries ÷ batch.
        batch: queries per update; their documents are each other's negatives. Paper: 75.
        held_out: queries kept for the gate.
    """
    return Recipe(
        "qgen",
        (
            generators.DocToQuery(writer=writer, per_document=3, at_least=queries),
            filters.HoldOut(queries=held_out),
            miners.RandomDocuments(count=1),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=0.05, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=2e-5,
                warmup=max(1, steps // 10),
                candidates=1,
            ),
        ),
        judge=labellers.Score(teacher=judge),
    )
