"""Flops: how many operations a BERT-like encoder needs, and how many this machine can do."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The shape of an encoder; the defaults are all-MiniLM-L6-v2."""

    layers: int = 6
    hidden: int = 384
    inner: int = 1_536


def forward(lengths: Iterable[int], shape: Shape = Shape()) -> float:
    """Operations of one forward pass over sequences of these lengths, padding not counted.

    Per token and layer: 4 products of H x H (query, key, value, output) and 2 of H x I; per pair
    of tokens: scores and weighted values, H each. A multiply and an add are 2 operations.
    """
    h, i = shape.hidden, shape.inner
    total = 0.0
    for length in lengths:
        total += length * 2 * (4 * h * h + 2 * h * i) + length * length * 2 * 2 * h
    return shape.layers * total


def training(lengths: Iterable[int], shape: Shape = Shape()) -> float:
    """Operations of one update: the backward pass costs twice the forward pass."""
    return 3 * forward(lengths, shape)


def matrix_rates(seconds: float = 1.0, size: int = 2_048) -> dict[str, float]:
    """GFLOP/s of square matrix products here and now, in fp32 and bf16; the best of many."""
    import torch

    rates = {}
    for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        left = torch.randn(size, size).to(kind)
        right = torch.randn(size, size).to(kind)
        best, end = float("inf"), time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            torch.mm(left, right)
            best = min(best, time.perf_counter() - start)
        rates[name] = round(2 * size**3 / best / 1e9, 1)
    return rates
