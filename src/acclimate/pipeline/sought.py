"""Sought: what a miner searches with and how much it brings, however deep one stands in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

UNKNOWN = 10
"""Documents of a query, by a miner that does not say how many."""


def searches(miner: Any) -> Iterator[Any]:
    """The miners that search, inside those that join and choose."""
    inside = _inside(miner)
    if not inside:
        yield miner
    for one in inside:
        yield from searches(one)


def brings(miner: Any) -> int:
    """Documents of each query at most, its source apart: of what chooses, not of what it is given.

    Example:
        >>> from acclimate.parts.miners import BM25, PositiveAware, RandomDocuments, Union
        >>> brings(Union((PositiveAware(miner=BM25(depth=50), keep=10), RandomDocuments(count=4))))
        14
    """
    told = (getattr(miner, name, None) for name in ("keep", "count", "budget", "width", "depth"))
    own = next((size for size in told if size), None)
    inside = _inside(miner)
    if own is not None:
        return int(own) + int(getattr(miner, "first", 0))
    return sum(brings(one) for one in inside) if inside else UNKNOWN


def _inside(miner: Any) -> tuple[Any, ...]:
    wrapped = getattr(miner, "miner", None)
    return getattr(miner, "members", None) or (() if wrapped is None else (wrapped,))
