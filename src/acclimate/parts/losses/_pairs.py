"""Pairs: what the losses that compare a query's documents two by two have in common.

Shapes: B queries, K documents of each; a cell (b, i, j) of BKK is the pair of documents i and j.
"""

from __future__ import annotations

import torch

from acclimate.parts.losses._rows import FAR, hidden


def shown(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """The values, with zero where there is no document, whatever stood there."""
    return torch.where(mask_BK, values_BK, torch.zeros_like(values_BK))


def document_mean(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """The mean over each query's documents, (B,); zero where it has none."""
    return shown(values_BK, mask_BK).sum(dim=1) / mask_BK.sum(dim=1).clamp(min=1)


def differences(values_BK: torch.Tensor) -> torch.Tensor:
    """How much higher i is than j, (B, K, K)."""
    return values_BK[:, :, None] - values_BK[:, None, :]


def above(targets_BK: torch.Tensor, mask_BK: torch.Tensor, margin: float = 0.0) -> torch.Tensor:
    """Where i has more than `margin` over j, and both are there, (B, K, K) bool."""
    there_BKK = mask_BK[:, :, None] & mask_BK[:, None, :]
    return there_BKK & (differences(targets_BK) > margin)


def pair_mean(values_BKK: torch.Tensor, pairs_BKK: torch.Tensor) -> torch.Tensor:
    """The mean of each query's pairs, (B,); zero where it has none."""
    return pair_sum(values_BKK, pairs_BKK) / pairs_BKK.sum(dim=(1, 2)).clamp(min=1)


def pair_sum(values_BKK: torch.Tensor, pairs_BKK: torch.Tensor) -> torch.Tensor:
    """The sum over each query's pairs, (B,)."""
    return torch.where(pairs_BKK, values_BKK, torch.zeros_like(values_BKK)).sum(dim=(1, 2))


def ranks(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Ranks from 1, highest first, (B, K); equal values by column, what is not there last."""
    order_BK = hidden(values_BK, mask_BK).argsort(dim=1, descending=True, stable=True)
    return (order_BK.argsort(dim=1) + 1).to(values_BK.dtype)


def shared_ranks(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Ranks from 1, (B, K), where equal values have the same rank: 1 and how many are higher."""
    return (above(values_BK, mask_BK).sum(dim=1) + 1).to(values_BK.dtype)


def gain_changes(
    targets_BK: torch.Tensor,
    ranks_BK: torch.Tensor,
    mask_BK: torch.Tensor,
    depth: int | None = None,
) -> torch.Tensor:
    """How much nDCG changes when i and j change places, (B, K, K).

    The gain of a document is 2^t − 1, and 0 below t = 0; its discount is 1 / log2(rank + 1), and
    0 below `depth`.
    """
    gains_BK = torch.exp2(shown(targets_BK, mask_BK).clamp(min=0)) - 1
    ideal_BK = _discounts(ranks(targets_BK, mask_BK), depth).to(gains_BK)
    best_B11 = (gains_BK * ideal_BK).sum(dim=1)[:, None, None]
    discounts_BK = _discounts(ranks_BK, depth).to(gains_BK)
    swaps_BKK = (differences(gains_BK) * differences(discounts_BK)).abs()
    return swaps_BKK / torch.where(best_B11 > 0, best_B11, torch.ones_like(best_B11))


def reciprocal_changes(ranks_BK: torch.Tensor, depth: int | None = None) -> torch.Tensor:
    """|1/r_i − 1/r_j|, (B, K, K), where a rank below `depth` has reciprocal 0."""
    return differences(_within(1 / ranks_BK, ranks_BK, depth)).abs()


def reachable(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Logarithms of likelihoods, with what is not there, or is impossible (−inf), too low."""
    return hidden(values_BK.clamp(min=FAR), mask_BK)


def possible(values_BK: torch.Tensor, mask_BK: torch.Tensor) -> torch.Tensor:
    """Which documents are there and have a likelihood above zero, (B, K) bool."""
    return mask_BK & (values_BK > -torch.inf)


def _discounts(ranks_BK: torch.Tensor, depth: int | None) -> torch.Tensor:
    divisors_BK = torch.log2(ranks_BK + 1)
    return _within(1 / divisors_BK, ranks_BK, depth)


def _within(values_BK: torch.Tensor, ranks_BK: torch.Tensor, depth: int | None) -> torch.Tensor:
    if depth is None:
        return values_BK
    return torch.where(ranks_BK <= depth, values_BK, torch.zeros_like(values_BK))
