"""Batching: which work is done together. A function of the inputs only, never of the machine.

So a run that was killed makes the same shards and batches when it goes on, and rounding is the
same bit for bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from acclimate.models.padding import MULTIPLE
from acclimate.models.ref import Integers

ItemT = TypeVar("ItemT", bound=Hashable)

SHARD_CHARACTERS = 400_000
"""Text of one shard at most: what a killed run loses."""

SHARD_ITEMS = 2_048
"""Items of one shard at most."""

BATCH_TOKENS = 2_048
"""Tokens of one batch at most, padding included: small enough for a processor's caches."""

GPU_BATCH_TOKENS = 65_536
"""The same on a GPU, which needs much work at once."""


@dataclass(frozen=True, eq=False)
class Plan(Generic[ItemT]):
    """The distinct items of some work, in an order of their own, cut into shards.

    Args:
        items: each distinct item once, short ones first.
        inverse: for each item as it was given, its place in `items`.
        shards: stretches of `items`.
        order: the order in which shards are made: mixed, so that the time left can be told
            from the first ones.
    """

    items: list[ItemT]
    inverse: Integers
    shards: list[slice]
    order: list[int]


def plan(items: Sequence[ItemT], sizes: Sequence[int]) -> Plan[ItemT]:
    """Plan work over items of these sizes (characters).

    The plan depends on the set of items only: another order, or repeats, give the same shards.
    """
    by_item = dict(zip(items, sizes, strict=True))
    ordered = sorted(by_item, key=lambda item: (by_item[item], item))
    place = {item: row for row, item in enumerate(ordered)}
    inverse = np.fromiter((place[item] for item in items), dtype=np.int64, count=len(items))
    shards = list(_shards([by_item[item] for item in ordered]))
    order = np.random.default_rng(0).permutation(len(shards)).tolist()
    return Plan(ordered, inverse, shards, order)


def _shards(sizes: list[int]) -> Iterator[slice]:
    start = held = 0
    for row, size in enumerate(sizes):
        full = held + size > SHARD_CHARACTERS or row - start == SHARD_ITEMS
        if full and row > start:
            yield slice(start, row)
            start, held = row, 0
        held += size
    if sizes:
        yield slice(start, len(sizes))


def budget_of(device: str) -> int:
    """Tokens of one batch on a device."""
    return GPU_BATCH_TOKENS if device.startswith("cuda") else BATCH_TOKENS


def batches(tokens: Integers, budget: int) -> Iterator[Integers]:
    """Row numbers of each batch, long texts first: equal padded lengths within the budget.

    Args:
        tokens: of each text.
        budget: tokens of a batch at most, padding included.
    """
    padded = -(-np.maximum(tokens, 1) // MULTIPLE) * MULTIPLE
    for length in np.unique(padded)[::-1]:
        rows = np.flatnonzero(padded == length)
        size = max(1, budget // int(length))
        for first in range(0, len(rows), size):
            yield rows[first : first + size]


def calls(model: object, tokens: Integers, budget: int) -> Iterable[Integers]:
    """Row numbers of each call of a model: batches by length.

    A model elsewhere (`whole`) gets all at once: it has no batch to fill, and asks side by side.
    """
    if getattr(model, "whole", False):
        return [np.arange(len(tokens))]
    return batches(tokens, budget)


def key_of(role: str, fingerprint: str, texts: Sequence[str]) -> str:
    """Hash of a piece of work: who does it, and on which texts, in this order."""
    total = hashlib.sha256(f"{role}\0{fingerprint}\0{len(texts)}\0".encode())
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.hexdigest()
