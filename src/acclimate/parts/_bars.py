"""Bars: how close to the source a candidate may come before it passes for relevant itself."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from acclimate.errors import RecipeError

Values = np.ndarray[Any, np.dtype[np.float64]]

ROUNDING = 1e-7
"""What reaches the bar is not above it."""


class Barred(Protocol):
    """A part with bars as settings; the lowest of those that are given counts.

    With s⁺ the source's score: percent p means s⁺ − |s⁺| · (1 − p), margin m means s⁺ − m.
    """

    @property
    def percent(self) -> float | None:
        """Share of the source's score that a candidate may reach, 0…1."""

    @property
    def margin(self) -> float | None:
        """How far a candidate must stay below the source."""

    @property
    def at_most(self) -> float | None:
        """Score no candidate may exceed."""


def check_bars(part: Barred) -> None:
    """Refuse to have no bar, or one above the source."""
    name = type(part).__name__
    if part.percent is None and part.margin is None and part.at_most is None:
        raise RecipeError(f"{name} has no bar. Give percent, margin or at_most.")
    if part.percent is not None and not 0 <= part.percent <= 1:
        raise RecipeError(
            f"{name}(percent={part.percent}): a share lies between 0 "
            "and 1; 0.95 keeps what reaches at most 95 % of the source."
        )
    if part.margin is not None and part.margin < 0:
        raise RecipeError(f"{name}(margin={part.margin}): give 0 or more.")


def lowest_bar(part: Barred, source: Values) -> Values:
    """The lowest bar for each score of a source, (N,); infinite where there is none.

    Args:
        part: has the bars.
        source: (N,); not finite where there is no source, or no score of it.
    """
    bar = np.full(len(source), np.inf if part.at_most is None else part.at_most)
    known = np.isfinite(source)
    if part.percent is not None:
        below = source[known] - np.abs(source[known]) * (1 - part.percent)
        bar[known] = np.minimum(bar[known], below)
    if part.margin is not None:
        bar[known] = np.minimum(bar[known], source[known] - part.margin)
    return bar
