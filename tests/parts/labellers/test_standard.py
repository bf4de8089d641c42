"""Standard scores of a query's candidates, by hand."""

import numpy as np
import pytest

from acclimate.parts.labellers._standard import standard


def test_mean_nought_and_deviation_one() -> None:
    """(1, 3, 5): mean 3, deviation √(8/3)."""
    made = standard(np.array([[1.0, 3.0, 5.0]]), np.ones((1, 3), dtype=bool))
    assert made[0].tolist() == pytest.approx([-1.224745, 0, 1.224745], abs=1e-6)


def test_padding_takes_no_part() -> None:
    made = standard(np.array([[1.0, 3.0, 99.0]]), np.array([[True, True, False]]))
    assert made[0].tolist() == [-1, 1, 0]


def test_scores_that_are_all_the_same_say_nothing() -> None:
    made = standard(
        np.array([[0.1, 0.1, 0.1], [7.0, 0, 0]]), np.array([[True] * 3, [True, False, False]])
    )
    assert not made.any()


def test_what_has_no_score_counts_as_the_lowest() -> None:
    made = standard(np.array([[1.0, 3.0, -np.inf]]), np.ones((1, 3), dtype=bool))
    assert made[0].tolist() == pytest.approx([-0.707107, 1.414214, -0.707107], abs=1e-6)
