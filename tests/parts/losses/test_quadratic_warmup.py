"""QuadraticWarmup reproduces [053] and [057] by hand."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.losses import QuadraticWarmup


def test_half_way_the_weight_is_a_quarter() -> None:
    """[057]: λ at t = T / 2 is λ / 4."""
    weight = QuadraticWarmup(weight=0.5, steps=50_000)
    assert weight.at(25_000) == 0.5 / 4
    assert weight.at(0) == 0


@pytest.mark.parametrize("step", [50_000, 50_001, 150_000])
def test_after_the_warmup_the_weight_stays(step: int) -> None:
    """[057]: λ (t / T)² for t < T only."""
    assert QuadraticWarmup(weight=0.5, steps=50_000).at(step) == 0.5


@pytest.mark.parametrize(("step", "weight"), [(0, 0), (99, 0), (100, 0.5), (101, 0.5)])
def test_a_term_may_begin_late_and_at_once(step: int, weight: float) -> None:
    """[053]: 0 before its epoch."""
    assert QuadraticWarmup(weight=0.5, steps=0, after=100).at(step) == weight


@pytest.mark.parametrize(("step", "weight"), [(100, 0), (105, 0.125), (110, 0.5), (109, 0.405)])
def test_a_term_that_begins_late_grows_from_then(step: int, weight: float) -> None:
    assert QuadraticWarmup(weight=0.5, steps=10, after=100).at(step) == pytest.approx(weight)


@pytest.mark.parametrize("settings", [{"steps": -1}, {"after": -1}])
def test_times_before_the_beginning_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="0 or above"):
        QuadraticWarmup(weight=1.0, **settings)
