"""Scale: a student's scores in a teacher's units, by hand."""

import numpy as np
import pytest

from acclimate.parts.loops.scale import least_squares, out_of_reach, range_of, scale_of

VALUES = np.array([12.0, 2.0, -8.0])


def test_least_squares_of_two_margins() -> None:
    """(1·10 + 2·10) / (1 + 4) = 6."""
    assert least_squares(np.array([1.0, 2.0]), np.array([10.0, 10.0])) == pytest.approx(6)


@pytest.mark.parametrize("margins", [[0.0, 0.0], [-1.0, -2.0]])
def test_margins_that_say_nothing_or_the_opposite_give_no_least_squares(
    margins: list[float],
) -> None:
    assert least_squares(np.array(margins), np.array([10.0, 10.0])) is None


def test_margins_of_ten_are_out_of_a_unit_norm_students_reach_and_come_within() -> None:
    """Student margins of ½ and 1 want a scale of 10·1.5/1.25 = 12: reach 24."""
    report = scale_of(np.array([0.5, 1.0]), np.array([10.0, 10.0]), VALUES, normalised=True)
    assert report.out_of_reach_before == 1.0
    assert report.scale == pytest.approx(12)
    assert report.out_of_reach == 0.0


def test_a_student_that_knows_nothing_still_reaches_what_the_teacher_says() -> None:
    """No slope: 10 must be within 2 · scale, so the scale is 5."""
    report = scale_of(np.array([-0.2, 0.1]), np.array([10.0, 10.0]), VALUES, normalised=True)
    assert report.least_squares is None
    assert report.scale == pytest.approx(5)
    assert report.out_of_reach == 0.0


def test_a_student_with_lengths_of_its_own_keeps_its_scale_and_reaches_all() -> None:
    report = scale_of(np.array([0.5, 1.0]), np.array([10.0, 10.0]), VALUES, normalised=False)
    assert report.scale == 1.0
    assert report.out_of_reach_before == report.out_of_reach == 0.0


def test_a_given_scale_is_reported_on() -> None:
    margins = np.array([1.0, 3.0, 5.0, 7.0])
    report = scale_of(margins, margins, VALUES, normalised=True, given=2.0)
    assert report.scale == 2.0
    assert report.out_of_reach_before == 0.75
    assert report.out_of_reach == 0.5


def test_both_signs_of_a_margin_count() -> None:
    assert out_of_reach(np.array([-3.0, 3.0, 1.0, 2.0]), 2.0) == 0.5


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.1, 0.9], "0 to 1"), ([-0.2, 0.9], "-1 to 1"), ([-4.0, 9.0], "open"), ([], "open")],
)
def test_an_activation_shows_in_the_range(values: list[float], expected: str) -> None:
    assert range_of(np.array(values)) == expected


def test_the_spreads_are_root_mean_squares() -> None:
    """√((9 + 16) / 2) = 3.5355; equal margins of 0 have none."""
    report = scale_of(np.zeros(2), np.array([3.0, -4.0]), VALUES, normalised=True)
    assert report.teacher_spread == pytest.approx(3.535534, abs=1e-6)
    assert report.student_spread == 0.0
    assert report.as_note()["teacher_range"] == "open"


def test_no_margin_at_all_leaves_the_scale() -> None:
    nothing = np.zeros(0)
    report = scale_of(nothing, nothing, nothing, normalised=True)
    assert report.scale == 1.0
    assert report.out_of_reach == 0.0
