"""How a run is carried out: typed, checked, near misses named."""

from __future__ import annotations

from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.pipeline.settings import Settings, gibibytes


@pytest.mark.parametrize(
    ("text", "size"),
    [("2GB", 2.0), ("2 GiB", 2.0), ("512MB", 0.5), ("1.5", 1.5), (3, 3.0), ("1g", 1.0)],
)
def test_sizes_are_read_in_gibibytes(text: float | str, size: float) -> None:
    assert gibibytes(text) == size


@pytest.mark.parametrize("text", ["", "much", "0", "-1", "2TB", "1.2.3GB"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="such as 2GB"):
        gibibytes(text)


def test_memory_reaches_the_engine_in_bytes() -> None:
    assert Settings.of({"max_ram": "512MB"}).max_ram_bytes == 2**29
    assert Settings.of({"max_ram": None}).max_ram_bytes is None


def test_a_ledger_may_be_a_text() -> None:
    assert Settings.of({"ledger": "scores"}).ledger == Path("scores")


def test_an_unknown_option_names_the_closest() -> None:
    with pytest.raises(RecipeError, match="Did you mean 'minutes'"):
        Settings.of({"minute": 5})


def test_a_budget_must_be_above_zero() -> None:
    with pytest.raises(RecipeError, match="must be above 0"):
        Settings.of({"minutes": 0})
