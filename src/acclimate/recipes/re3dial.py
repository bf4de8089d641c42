"""re3dial: the beginning of a document finds how it goes on."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe


def re3dial(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    depth: int = 20,
    overlap: int = 10,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """The first sentences ask for the rest, beside like documents of which none is used too often.

    The student itself finds documents that are like the beginning; those that share a long run of
    words with it are left out, and of the others each query draws the ones that were drawn least.
    For minutes, reports and conversations, where what follows answers what came before. No model
    but the student is needed.

    Rows: [029].

    Paper:   Re3Dial: Retrieve, reorganise, rescale dialogue corpus, EMNLP 2023.
             https://arxiv.org/abs/2305.02606
    Code:    none followed.
    Differs: trains the retriever that the paper uses to put long dialogues together, and stops
             there; what it draws are negatives.
    Cost:    `steps` · `batch` queries with 2 documents of training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many beginnings.
        held_out: of them, kept for the gate.
        depth: documents that each query draws from.
        overlap: longest run of words a document may share with a query. Paper: 10 characters.
        steps: optimiser updates.
        batch: queries per update.
        learning_rate: at its highest.
    """
    near = miners.WithStudent(depth=depth)
    apart = (filters.SubstringOverlap(at_most_words=overlap),)
    return Recipe(
        "re3dial",
        (
            generators.AdjacentSpans(queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.UsageDiversity(miner=miners.Filtered(miner=near, filters=apart), count=2),
            labellers.SourceIsRelevant(),
            loops.Cloze(
                loop=loops.Fit(
                    loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                    steps=steps,
                    batch=batch,
                    learning_rate=learning_rate,
                    warmup=max(1, steps // 10),
                    candidates=2,
                )
            ),
        ),
        judge=taught(judge),
    )
