"""powered: a few labels by people correct the judge, and the interval holds."""

import math

import numpy as np
import pytest

from acclimate.pipeline.powered import agreement, powered


def test_the_mean_is_the_judges_corrected_by_people() -> None:
    judged = np.array([1.0, 1, 1, 0])  # ¾
    said, people = np.array([1.0, 1]), np.array([1.0, 0])  # − ½
    mean, low, high = powered(judged, said, people)
    assert mean == pytest.approx(0.25)
    # variances ¼ of 4 and ½ of 2: √(¼/4 + ½/2) · 1.96 = 1.0956
    assert (low, high) == pytest.approx((0.25 - 1.0956, 0.25 + 1.0956), abs=1e-3)


def test_fewer_than_two_labels_give_no_interval() -> None:
    mean, low, high = powered(np.array([1.0, 0]), np.array([1.0]), np.array([1.0]))
    assert mean == 0.5
    assert math.isnan(low)
    assert math.isnan(high)


def test_with_a_judge_that_is_often_wrong_the_interval_still_holds() -> None:
    rng = np.random.default_rng(0)
    held = narrow = 0
    for _ in range(200):
        truth = (rng.random(600) < 0.3).astype(float)
        said = np.where(rng.random(600) < 0.1, 1.0, truth)  # kind: false alarms, no misses
        _, low, high = powered(said[100:], said[:100], truth[:100])
        held += low <= 0.3 <= high
        plain = 2 * 1.96 * truth[:100].std(ddof=1) / 10
        narrow += high - low < plain
    assert held >= 180  # 95 in 100 of 200 is 190, with a deviation of 3.1
    assert narrow >= 190  # narrower than people's labels alone


def test_kappa_is_nothing_for_one_who_guesses_and_one_for_agreement() -> None:
    yes_no = np.array([1.0, 0, 1, 0])
    assert agreement(yes_no, yes_no)["kappa"] == 1.0
    assert agreement(np.ones(4), yes_no) == {"pairs": 4, "share": 0.5, "kappa": 0.0}
    assert agreement(np.ones(2), np.ones(2))["kappa"] == 1.0
    assert agreement(np.array([]), np.array([]))["pairs"] == 0
