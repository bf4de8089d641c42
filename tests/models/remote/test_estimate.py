"""Estimate: the mean of a pilot times the records, with Student's interval."""

import pytest

from acclimate.models.remote.answers import Answer
from acclimate.models.remote.estimate import estimate


def pilot(*costs: float) -> list[Answer]:
    return [
        Answer(record=str(n), calls=1, tokens_in=90, tokens_out=10, cost=cost)
        for n, cost in enumerate(costs)
    ]


def test_sums_are_means_times_records() -> None:
    found = estimate(pilot(1.0, 2.0, 3.0), 300, 6.0)
    assert found.money[0] == 600
    assert found.tokens == (30_000, 30_000, 30_000)
    assert found.requests == (300, 300, 300)
    assert found.seconds == 600


def test_the_interval_is_students() -> None:
    # deviation 1, n = 3: 4.30 · 1 / √3 = 2.4826; the lower bound stops at nothing
    found = estimate(pilot(1.0, 2.0, 3.0), 100, 1.0)
    assert found.money == pytest.approx((200, 0, 448.26), abs=0.01)


def test_one_record_bounds_nothing_from_above() -> None:
    assert estimate(pilot(2.0), 10, 1.0).as_json()["money"] == {
        "about": 20.0, "low": 0.0, "high": None,
    }  # fmt: skip


def test_no_pilot_says_nothing() -> None:
    assert estimate([], 10, 0.0).money == (0.0, 0.0, 0.0)
