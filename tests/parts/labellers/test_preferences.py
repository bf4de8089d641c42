"""Preferences: strengths from comparisons. [119]"""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from acclimate.parts.labellers._preferences import aggregated, meetings, strengths

CATALOGUE = np.array([[0.5, 0.9, 0.8], [0.1, 0.5, 0.6], [0.2, 0.4, 0.5]])
PAIR = np.array([[0.0, 0.75], [0.25, 0.0]])


def test_bradley_terrys_strengths_are_the_catalogues() -> None:
    """[119]: w = [[.5, .9, .8], [.1, .5, .6], [.2, .4, .5]] → (1.1579, −.4991, −.6588)."""
    assert strengths(CATALOGUE, "bradley_terry") == pytest.approx(
        [1.1579, -0.4991, -0.6588], abs=5e-5
    )


def test_three_wins_of_four_are_a_gap_of_ln_3_or_of_048() -> None:
    """[119]: σ(ln 3) = ¾; ½ (1 + erf(0.47694)) = ¾."""
    bradley_terry, thurstone = (strengths(PAIR, how) for how in ("bradley_terry", "thurstone"))
    assert bradley_terry[0] - bradley_terry[1] == pytest.approx(log(3), abs=1e-9)
    assert thurstone[0] - thurstone[1] == pytest.approx(0.47694, abs=5e-6)


@pytest.mark.parametrize("how", ["bradley_terry", "thurstone"])
@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.1, 3.0), min_size=12, max_size=12))
def test_no_other_strengths_are_likelier(how, wins: list[float]) -> None:
    wins_KK = np.zeros((4, 4))
    wins_KK[~np.eye(4, dtype=bool)] = wins
    best = strengths(wins_KK, how)

    def likelihood(scores: np.ndarray) -> float:
        gaps = scores[:, None] - scores[None, :]
        if how == "bradley_terry":
            return float((wins_KK * -np.logaddexp(0, -gaps)).sum())
        from scipy.special import log_ndtr

        return float((wins_KK * log_ndtr(np.sqrt(2) * gaps)).sum())

    assert best.mean() == pytest.approx(0, abs=1e-9)
    moves = np.concatenate([np.eye(4), -np.eye(4)]) * 1e-3
    assert all(likelihood(best) >= likelihood(best + move) for move in moves)


@pytest.mark.parametrize("how", ["bradley_terry", "thurstone"])
def test_one_that_won_all_has_a_finite_strength(how) -> None:
    """Won 1 and drawn 0.1: 1.05 of 1.1, so that Bradley-Terry's gap is ln 21."""
    made = aggregated(np.array([[0.0, 1.0], [0.0, 0.0]]), how)
    assert np.isfinite(made).all()
    if how == "bradley_terry":
        assert made[0] - made[1] == pytest.approx(log(1.05 / 0.05), abs=1e-5)


@pytest.mark.parametrize("how", ["shares", "bradley_terry", "thurstone"])
def test_one_that_was_never_compared_has_no_value(how) -> None:
    wins_KK = np.zeros((3, 3))
    wins_KK[0, 1] = 1.0
    made = aggregated(wins_KK, how)
    assert np.isnan(made).tolist() == [False, False, True]
    assert made[0] > made[1]


def test_shares_are_of_the_comparisons_that_were_made() -> None:
    """The first won ¾ of one and all of another: 1.75 of 2."""
    wins_KK = np.array([[0, 0.75, 1.0], [0.25, 0, 0], [0, 0, 0]])
    assert aggregated(wins_KK, "shares") == pytest.approx([0.875, 0.25, 0.0])


@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 3))
def test_each_cycle_visits_every_document_twice_as_a_member_of_a_pair(
    count: int, cycles: int, seed: int
) -> None:
    """[119]: with 4 cycles each document is in 8 pairs."""
    pairs = meetings(count, cycles, np.random.default_rng(seed))
    for cycle in np.split(pairs, cycles):
        assert np.bincount(cycle.ravel(), minlength=count).tolist() == [2] * count
        assert (cycle[:, 0] != cycle[:, 1]).all()


def test_one_document_meets_nobody() -> None:
    for cycles in (None, 4):
        assert meetings(1, cycles, np.random.default_rng(0)).shape == (0, 2)
        assert meetings(0, cycles, np.random.default_rng(0)).shape == (0, 2)


def test_noisy_judges_in_cycles_order_twenty_documents_better_than_grades_at_equal_cost() -> None:
    """[119]: a quarter of the 80 verdicts is flipped; 80 grades of 1 bit each, as often wrong."""
    rng, count = np.random.default_rng(0), 20
    truth = np.arange(count)[::-1]
    by_pairs, by_grades = [], []
    for _ in range(20):
        wins_KK = np.zeros((count, count))
        for a, b in meetings(count, 4, rng):
            better, worse = (a, b) if (truth[a] > truth[b]) == (rng.random() > 0.25) else (b, a)
            wins_KK[better, worse] += 1
        by_pairs.append(kendalltau(truth, aggregated(wins_KK, "thurstone")).statistic)
        good = truth >= count / 2
        grades = sum(good ^ (rng.random(count) < 0.25) for _ in range(4))
        by_grades.append(kendalltau(truth, grades).statistic)
    assert np.mean(by_pairs) > np.mean(by_grades)
