"""Estimate: what a whole job would take, from the first few of its records."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from acclimate.models.remote.answers import Answer

PILOT = 20
"""Records that are asked before the job."""
_T = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 7: 2.36, 9: 2.26, 14: 2.14, 19: 2.09, 29: 2.05}
"""Two-sided 95 % quantiles of Student's t, by degrees of freedom."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Sums over a job, each with the bounds of a 95 % interval.

    Args:
        records: of the job.
        requests: with those that have to be made again.
        tokens: read and written.
        money: in the unit of the prices.
        seconds: at the pace of the pilot.
    """

    records: int
    requests: tuple[float, float, float]
    tokens: tuple[float, float, float]
    money: tuple[float, float, float]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Middle, lower and upper bounds."""
        return {
            "records": self.records,
            "seconds": round(self.seconds, 1),
            **{
                name: dict(zip(("about", "low", "high"), map(_rounded, value), strict=True))
                for name, value in (
                    ("requests", self.requests), ("tokens", self.tokens), ("money", self.money),
                )
            },
        }  # fmt: skip


def estimate(pilot: Sequence[Answer], records: int, seconds: float) -> Estimate:
    """What `records` like those of the pilot would take.

    Args:
        pilot: what became of its records.
        records: of the job.
        seconds: that the pilot took in all.

    Example:
        >>> pilot = [Answer(record=str(n), calls=1, tokens_in=90 + n) for n in (0, 10, 20)]
        >>> estimate(pilot, 600, 1.0).tokens[0]
        60000.0
    """
    return Estimate(
        records=records,
        requests=_sum([a.calls for a in pilot], records),
        tokens=_sum([a.tokens_in + a.tokens_out for a in pilot], records),
        money=_sum([a.cost for a in pilot], records),
        seconds=seconds * records / max(1, len(pilot)),
    )


def _sum(values: Sequence[float], records: int) -> tuple[float, float, float]:
    """The mean times the records, and the bounds of the mean by Student's t."""
    if not values:
        return 0.0, 0.0, 0.0
    mean = statistics.fmean(values)
    off = math.inf
    if len(values) > 1:
        t = _T[max(d for d in _T if d < len(values))]
        off = t * statistics.stdev(values) / math.sqrt(len(values))
    return records * mean, records * max(0.0, mean - off), records * (mean + off)


def _rounded(value: float) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None
