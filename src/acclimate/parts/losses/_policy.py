"""Policy: what the losses that stay near an earlier policy have in common.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

import torch

from acclimate.parts.losses._pairs import shown
from acclimate.parts.losses._rows import hidden


def log_policy(scores_BK: torch.Tensor, mask_BK: torch.Tensor, temperature: float) -> torch.Tensor:
    """Logarithms of the softmax over a query's documents, (B, K); zero where there is none."""
    return shown(hidden(scores_BK / temperature, mask_BK).log_softmax(dim=1), mask_BK)


def told(reference_BK: torch.Tensor | None, scores_BK: torch.Tensor) -> torch.Tensor:
    """Scores of an earlier policy, which does not learn; None is one that knows nothing."""
    return torch.zeros_like(scores_BK) if reference_BK is None else reference_BK.detach()


def clipped(ratios_BK: torch.Tensor, advantages_BK: torch.Tensor, clip: float) -> torch.Tensor:
    """min(ρ A, clip(ρ, 1 − clip, 1 + clip) A): no gain from moving further than the clip."""
    near_BK = ratios_BK.clamp(1 - clip, 1 + clip)
    return torch.minimum(ratios_BK * advantages_BK, near_BK * advantages_BK)
