"""Batching: texts of like lengths together, the same in every run with the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

CHUNK = 2_048
"""Examples among which like lengths are looked for; more would make an epoch less mixed."""


def batches(lengths: Sequence[int], tokens: int, seed: Sequence[int]) -> list[list[int]]:
    """Row numbers of each batch: rows mixed, then sorted by length in chunks, batches mixed.

    Args:
        lengths: tokens of each row.
        tokens: of a batch at most, padding included; a longer row is a batch of its own.
        seed: of the order.
    """
    rng = np.random.default_rng(list(seed))
    order = rng.permutation(len(lengths))
    made: list[list[int]] = []
    for first in range(0, len(order), CHUNK):
        chunk = sorted(order[first : first + CHUNK].tolist(), key=lambda row: -lengths[row])
        made.extend(_cut(chunk, lengths, tokens))
    return [made[place] for place in rng.permutation(len(made))]


def _cut(rows: list[int], lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Rows, long ones first, in batches that fit."""
    made: list[list[int]] = []
    first = 0
    while first < len(rows):
        count = max(1, tokens // max(1, lengths[rows[first]]))
        made.append(rows[first : first + count])
        first += count
    return made


def padded(
    rows: Sequence[Sequence[int]], device: Any, *, padding: int = 0
) -> tuple[Tensor, Tensor]:
    """Numbers of tokens as a tensor, and where there are any, (B, L) and (B, L) bool."""
    longest = max(map(len, rows))
    ids_BL = torch.full((len(rows), longest), padding, dtype=torch.long)
    mask_BL = torch.zeros((len(rows), longest), dtype=torch.bool)
    for number, row in enumerate(rows):
        ids_BL[number, : len(row)] = torch.tensor(row, dtype=torch.long)
        mask_BL[number, : len(row)] = True
    return ids_BL.to(device), mask_BL.to(device)
