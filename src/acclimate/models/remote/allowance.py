"""Allowance: how much a run may ask and pay, counted over everything its folder holds."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What endpoints may be asked.

    Calls and money of earlier, interrupted runs in the same folder count.

    Args:
        max_calls: requests in all; None: no bound.
        max_cost: money in all, in the unit the model's prices are given in; None: no bound.
    """

    max_calls: int | None = None
    max_cost: float | None = None

    def __post_init__(self) -> None:
        """Refuse bounds below nothing."""
        if (self.max_calls or 0) < 0 or (self.max_cost or 0) < 0:
            raise RecipeError(f"{self!r}: bounds must be 0 or more.")

    def broken(self, calls: int, cost: float) -> str:
        """Which bound this many calls and this much money would go beyond; empty: none."""
        if self.max_calls is not None and calls > self.max_calls:
            return f"max_calls={self.max_calls:,}"
        if self.max_cost is not None and cost > self.max_cost:
            return f"max_cost={self.max_cost:g}"
        return ""
