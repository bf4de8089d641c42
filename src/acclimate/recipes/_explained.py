"""Explained: what a reader would most likely say shows which of the documents found it has read."""

from __future__ import annotations

from acclimate.parts import filters, loops, losses, miners
from acclimate.parts.labellers import ReaderLikelihood
from acclimate.parts.part import Part
from acclimate.recipes._pieces import TEMPERATURE


def explained(
    reads: ReaderLikelihood,
    *without: Part,
    depth: int,
    steps: int,
    batch: int,
    rounds: int,
) -> loops.Rounds:
    """Rounds in which the student raises what makes a text likelier than other documents do.

    The student as it is in a round finds the documents. The source of a query is left out: it knows
    in the very words.

    Args:
        reads: says how likely a text is under each document, in sums over its tokens.
        without: filters that leave out more.
        depth: documents of a query that are read.
        steps: optimiser updates of a round.
        batch: queries per update.
        rounds: how often the student searches anew.
    """
    one_round: tuple[Part, ...] = (
        miners.WithStudent(depth=depth),
        filters.WithoutSource(),
        *without,
        reads,
        loops.Fit(
            loss=losses.MarginalLikelihood(temperature=TEMPERATURE),
            steps=steps,
            batch=batch,
            learning_rate=2e-5,
            warmup=max(1, steps // 10),
            candidates=depth,
        ),
    )
    return loops.Rounds(steps=one_round, rounds=rounds)
