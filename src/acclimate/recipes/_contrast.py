"""Contrast in a batch: each query against the documents of the others."""

from __future__ import annotations

from acclimate.parts import filters, labellers, loops, losses, miners
from acclimate.parts.part import Part, Trainer
from acclimate.recipes._pieces import TEMPERATURE


def in_batch(
    *, steps: int, batch: int, learning_rate: float, temperature: float = TEMPERATURE
) -> loops.Fit:
    """Updates in which a query brings its source alone; a tenth of them warms up."""
    return loops.Fit(
        loss=losses.InfoNCE(temperature=temperature, in_batch=True),
        steps=steps,
        batch=batch,
        learning_rate=learning_rate,
        warmup=max(1, steps // 10),
        candidates=1,
    )


def cut_out(fit: Trainer, held_out: int) -> tuple[Part, ...]:
    """Steps behind queries that were cut out of documents, which are then read without them.

    Args:
        fit: `in_batch`.
        held_out: queries kept for the gate.
    """
    return (
        filters.ExactDuplicates(),
        filters.HoldOut(queries=held_out),
        miners.RandomDocuments(count=1),
        labellers.SourceIsRelevant(),
        loops.Cloze(loop=fit),
    )
