"""Gains: a teacher's values as graded relevance, by hand."""

import numpy as np
import pytest

from acclimate.parts.evaluators.gains import gains_in_order, gains_of, ndcg, ranks_of

NAN = float("nan")


def test_the_best_gains_one_and_others_fall_with_deviations() -> None:
    """Values 1 and 3: deviation 1, so 3 gains 1 and 1 gains e⁻⁴."""
    assert gains_of(np.array([[1.0, 3.0]]))[0].tolist() == pytest.approx([0.0183156, 1], abs=1e-6)


def test_the_teachers_units_do_not_matter() -> None:
    values = np.array([[1.0, 3.0, 7.0]])
    assert np.allclose(gains_of(values), gains_of(10 * values - 50))


def test_what_the_teacher_does_not_say_gains_nothing() -> None:
    assert gains_of(np.array([[NAN, 5.0], [NAN, NAN]])).tolist() == [[0, 1], [0, 0]]


def test_gains_follow_the_ranking_and_strangers_gain_nothing() -> None:
    made = gains_in_order(
        np.array([[4, 9, 2, -1]]), np.array([[2, 4, -1]]), np.array([[0.5, 1, 7]])
    )
    assert made.tolist() == [[1, 0, 0.5, 0]]


def test_ndcg_by_hand() -> None:
    """0 + 1/log₂3 over 1 + 0.5/log₂3."""
    made = ndcg(np.array([[0.0, 1.0]]), np.array([[0.5, 1.0]]))
    assert made[0] == pytest.approx(0.630930 / 1.315465, abs=1e-6)


def test_ndcg_is_one_for_the_best_order_and_nought_where_nothing_gains() -> None:
    gains = np.array([[0.2, 1.0, 0.4], [0.0, 0.0, 0.0]])
    assert ndcg(-np.sort(-gains, axis=1), gains).tolist() == [1, 0]


def test_ranks_below_the_depth_do_not_count() -> None:
    assert ndcg(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]), depth=1).tolist() == [0]


def test_ranks_count_from_one_and_nought_is_not_found() -> None:
    found = np.array([[5, 7], [5, 7], [5, -1]])
    assert ranks_of(found, np.array([7, 8, -1])).tolist() == [2, 0, 0]
