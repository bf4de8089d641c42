"""Rounds that begin with words: what a student that has learned nothing would find, comes later."""

from __future__ import annotations

from collections.abc import Callable

from acclimate.errors import RecipeError
from acclimate.parts import loops, miners
from acclimate.parts.part import Miner, Part


def refreshed(
    one_round: Callable[[Miner], tuple[Part, ...]], depth: int, rounds: int
) -> loops.Staged:
    """Rounds of which words find the documents of the first, and the student those of the others.

    Args:
        one_round: the steps of a round that begins with this miner.
        depth: documents it finds for a query.
        rounds: how many.

    Raises:
        RecipeError: when there is no round.
    """
    if rounds < 1:
        raise RecipeError(f"rounds={rounds} would teach nothing. Give 1 or more.")
    first = one_round(miners.BM25(depth=depth))
    later = one_round(miners.WithStudent(depth=depth))
    return loops.Staged(stages=(first, *[later] * (rounds - 1)))
