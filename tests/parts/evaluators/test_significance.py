"""Significance: permutations, intervals and Holm, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acclimate.errors import RecipeError
from acclimate.parts.evaluators import Significance
from acclimate.parts.evaluators.significance import holm, interval, permutation_p
from acclimate.tables import Scores


def scores(**systems: list[float]) -> Scores:
    return Scores.of(
        {"system": name, "measure": "nDCG@10", "query_id": f"q{n}", "value": v}
        for name, values in systems.items()
        for n, v in enumerate(values)
    )


def test_four_wins_of_one_size_come_by_chance_once_in_eight() -> None:
    """Of 16 signs only ++++ and −−−− are as far from 0: 2/16."""
    assert permutation_p(np.full(4, 0.1)) == pytest.approx(0.125)


def test_three_differences_by_hand() -> None:
    """3 − 1 − 1 = 1: signs with |sum| ≥ 1 are all 8: 5, 3, 3, 1 either way."""
    assert permutation_p(np.array([3.0, -1.0, -1.0])) == 1.0
    assert permutation_p(np.array([3.0, 1.0, 1.0])) == pytest.approx(0.25)


def test_no_difference_is_no_evidence() -> None:
    assert permutation_p(np.zeros(30)) == 1.0
    assert permutation_p(np.zeros(0)) == 1.0


def test_random_signs_come_near_the_exact_test_and_are_never_nought() -> None:
    """Thirteen equal wins: 2/2¹³ = 0.00024."""
    assert permutation_p(np.full(13, 0.1), draws=20_000) == pytest.approx(0.00024, abs=3e-4)
    assert permutation_p(np.full(40, 0.1), draws=999) == pytest.approx(1 / 1000)


def test_the_direction_does_not_matter_and_the_seed_decides() -> None:
    away = np.random.default_rng(0).normal(0.2, 1, 50)
    assert permutation_p(away, seed=3) == permutation_p(-away, seed=3)
    assert permutation_p(away, seed=3) == permutation_p(away, seed=3)


def test_under_no_difference_small_p_values_are_rare() -> None:
    rng = np.random.default_rng(1)
    found = [permutation_p(rng.normal(size=20), draws=400, seed=n) for n in range(200)]
    assert 0.01 <= np.mean(np.array(found) < 0.05) <= 0.1


def test_the_interval_holds_the_mean_and_narrows_with_confidence() -> None:
    away = np.random.default_rng(0).normal(0.2, 1, 400)
    low, high = interval(away)
    assert low < away.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.1)  # 1.96 standard errors either way
    less = interval(away, confidence=0.5)
    assert low < less[0] < less[1] < high


def test_the_interval_of_equal_differences_is_a_point() -> None:
    assert interval(np.full(5, 0.25)) == (0.25, 0.25)
    assert interval(np.zeros(0)) == (0.0, 0.0)


def test_holm_by_hand() -> None:
    """Sorted 0.01, 0.03, 0.04: times 3, 2, 1, never falling: 0.03, 0.06, 0.06."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(p: list[float]) -> None:
    made = holm(p)
    assert all(before <= after <= 1 for before, after in zip(p, made, strict=True))
    assert [made[i] for i in np.argsort(p, kind="stable")] == sorted(made)


def test_systems_are_compared_query_by_query() -> None:
    table = scores(base=[0.1, 0.2, 0.3, 0.4], ours=[0.2, 0.3, 0.4, 0.3], worse=[0.0, 0.1, 0.2, 0.3])
    ours, worse = Significance().compare(table, "base")
    assert (ours.system, ours.baseline, ours.measure, ours.queries) == (
        "ours",
        "base",
        "nDCG@10",
        4,
    )
    assert ours.mean == pytest.approx(0.3)
    assert ours.mean_baseline == pytest.approx(0.25)
    assert ours.difference == pytest.approx(0.05)
    assert (ours.wins, ours.losses) == (3, 1)
    assert worse.p == pytest.approx(0.125)
    assert worse.p_holm == pytest.approx(0.25)


def test_only_queries_both_have_are_compared() -> None:
    table = Scores.joined([scores(base=[0.1, 0.2, 0.3], ours=[0.3, 0.4]), Scores.empty()])
    (made,) = Significance().compare(table, "base", ["ours"])
    assert made.queries == 2
    assert made.difference == pytest.approx(0.2)


def test_a_baseline_that_was_not_measured_compares_nothing() -> None:
    assert Significance().compare(scores(ours=[0.1]), "base") == ()


@pytest.mark.parametrize("settings", [{"draws": 0}, {"confidence": 1.0}])
def test_what_cannot_be_drawn_is_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="confidence between"):
        Significance(**settings)  # type: ignore[arg-type]
