"""Examples: documents that show how an output follows from an input, as titles and texts do."""

from __future__ import annotations

from acclimate.parts import filters, generators, labellers, loops, losses
from acclimate.parts.part import Part
from acclimate.recipes._pieces import TEMPERATURE

BEST = 5
"""Examples of each end of a list: the best are relevant, the worst are not."""


def examples(queries: int, held_out: int) -> tuple[Part, ...]:
    """Inputs that are asked with: titles, each of a document whose text is the output."""
    return (
        generators.Titles(queries=queries),
        filters.ExactDuplicates(),
        filters.HoldOut(queries=held_out),
    )


def ends(steps: int, batch: int, learning_rate: float) -> tuple[Part, ...]:
    """Both ends of a list: the student learns to find the best, and neither the worst nor others.

    The documents that the other queries of an update bring are not relevant either.
    """
    return (
        labellers.TopBottom(top=BEST, bottom=BEST),
        loops.Fit(
            loss=losses.MultiPositiveInfoNCE(temperature=TEMPERATURE, in_batch=True),
            steps=steps,
            batch=batch,
            learning_rate=learning_rate,
            warmup=max(1, steps // 10),
            candidates=2 * BEST,
        ),
    )
