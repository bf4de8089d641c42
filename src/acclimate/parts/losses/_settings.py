"""Settings: what the losses refuse of their settings, in one way."""

from __future__ import annotations

from acclimate.errors import RecipeError


def check_above_zero(loss: object, *names: str) -> None:
    """Refuse a setting that divides or stretches and is not above 0."""
    for name in names:
        if not getattr(loss, name) > 0:
            raise RecipeError(f"{loss!r}: {name} must be above 0.")


def check_share(loss: object, *names: str) -> None:
    """Refuse a share outside 0 to 1."""
    for name in names:
        if not 0 <= getattr(loss, name) <= 1:
            raise RecipeError(f"{loss!r}: {name} is a share and must lie between 0 and 1.")


def check_not_negative(loss: object, *names: str) -> None:
    """Refuse a weight or a margin below 0."""
    for name in names:
        if not getattr(loss, name) >= 0:
            raise RecipeError(f"{loss!r}: {name} must not be below 0.")


def check_depth(loss: object, depth: int | None) -> None:
    """Refuse a depth at which no rank is."""
    if depth is not None and depth < 1:
        raise RecipeError(f"{loss!r}: depth counts ranks and must be 1 or more, or None for all.")
