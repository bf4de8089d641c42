"""Rows: how the losses treat masked cells, and how they average over queries.

Every loss is a mean over the queries it can learn from, so that a batch may be cut into pieces
of whole queries: the loss of the batch is the mean of the pieces' losses, each weighted with the
number of its queries that count.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

import torch

FAR = -1e30
"""A logit that gets no probability, and whose differences are still numbers."""


def hidden(logits_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """The logits, with those of masked cells too low to matter."""
    return torch.where(mask_BK, logits_BK, torch.full_like(logits_BK, FAR))


def mean_over(values_B: torch.Tensor, counts_B: torch.Tensor) -> torch.Tensor:
    """The mean over the queries that count; zero where none does."""
    kept = torch.where(counts_B, values_B, torch.zeros_like(values_B))
    return kept.sum() / counts_B.sum().clamp(min=1)
