"""spider: passages of one document that share a phrase."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.recipes._given import taught
from acclimate.recipes._pieces import TEMPERATURE
from acclimate.recipes.recipe import Recipe

_SHARED_WORDS = 3
"""A passage that repeats more of the query in a row is the one it was cut from, or near it."""


def spider(
    *,
    judge: Ref[Scorer] | None = None,
    queries: int = 6_000,
    held_out: int = 500,
    keep_rate: float = 0.5,
    steps: int = 200,
    batch: int = 32,
    learning_rate: float = 2e-5,
) -> Recipe:
    """What surrounds a phrase in one passage finds the passage that has it too.

    A passage of the same document without the phrase is told from it, and the passages of the other
    queries. The documents must be in passages: of one parent, as long documents are that a run
    splits, or of one title. No model but the student is needed.

    Rows: [074].

    Paper:   Ram, Shachaf, Levy, Berant, Globerson, Learning to Retrieve Passages without
             Supervision, NAACL 2022. https://arxiv.org/abs/2112.07708
    Code:    none followed; the settings of the authors' release.
    Differs: adapts an encoder that retrieves already, by cosines and a temperature. A negative
             shares no more than 3 words in a row with the query, whose phrase may be shorter. Serve
             the model with BM25 beside it, as the paper does.
    Cost:    `steps` · `batch` queries with 2 passages of training; no teacher call but the gate's.

    Args:
        judge: scores held-out pairs for the gate. None: words and vectors of the base model.
        queries: how many windows.
        held_out: of them, kept for the gate.
        keep_rate: how often the phrase stays in the query. Paper: 0.5.
        steps: optimiser updates. Paper: 200,000.
        batch: queries per update. Paper: 1,024.
        learning_rate: at its highest. Paper: 2e-5.
    """
    return Recipe(
        "spider",
        (
            generators.RecurringSpans(keep_rate=keep_rate, queries=queries),
            filters.ExactDuplicates(),
            filters.HoldOut(queries=held_out),
            miners.SameDocument(count=4),
            filters.SubstringOverlap(at_most_words=_SHARED_WORDS),
            labellers.SourceIsRelevant(),
            loops.Fit(
                loss=losses.InfoNCE(temperature=TEMPERATURE, in_batch=True),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 100),
                candidates=2,
            ),
        ),
        judge=taught(judge),
    )
