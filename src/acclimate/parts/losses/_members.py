"""Members: what a loss made of losses asks of them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import torch

from acclimate.errors import RecipeError
from acclimate.parts.part import Loss


def counted(loss: Loss, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Which queries a loss learns from, (B,) bool; without its word, those with documents."""
    counts = getattr(loss, "counts", None)
    told: torch.Tensor = mask.any(dim=1) if counts is None else counts(targets, mask)
    return told


def claims(loss: Loss, name: str) -> bool:
    """Whether a loss says this of itself, as `in_batch`."""
    return bool(getattr(loss, name, False))


def referenced(loss: Loss) -> bool:
    """Whether a loss also takes a reference."""
    return "reference" in inspect.signature(loss).parameters


def check_weights(part: object, members: Sequence[object], weights: Sequence[float]) -> None:
    """Refuse a loss of no members, or another number of weights."""
    if not members or len(members) != len(weights):
        raise RecipeError(
            f"{part!r} has {len(members)} members and {len(weights)} weights. Give each a weight."
        )
