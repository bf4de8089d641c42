"""Pace: more by steps, fewer by a factor, never before the time, and an end to patience."""

import asyncio

import pytest

from acclimate.models.remote import pace
from acclimate.models.remote.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def let_out(control: Pace, count: int = 1) -> list[float]:
    async def enter() -> list[float]:
        return [await asyncio.wait_for(control.enter(), 0.05) for _ in range(count)]

    return asyncio.run(enter())


def test_before_the_first_refusal_every_answer_lets_one_more_out() -> None:
    control = Pace(64, Clock())
    for went in let_out(control, 4):
        control.leave(went, ok=True)
    assert control.limit == 8.0


def test_a_refusal_leaves_85_in_100_and_those_out_with_it_change_nothing() -> None:
    clock = Clock()
    control = Pace(64, clock)
    control.limit = 20.0
    went = let_out(control, 3)
    clock.now += 1
    for one in went:
        control.busy(one, 0.0)
    assert control.limit == pytest.approx(20 * 0.85)
    assert control.refused == 3


def test_after_a_refusal_it_grows_by_one_a_round_and_slowly_near_the_limit() -> None:
    control = Pace(64, Clock())
    control.limit = 20.0
    control.busy(let_out(control)[0], 0.0)  # 17 left; 90 in 100 of 20 is 18
    control.leave(let_out(control)[0], ok=True)
    assert control.limit == pytest.approx(17 + 1 / 17)
    control.limit = 19.0
    control.leave(let_out(control)[0], ok=True)
    assert control.limit == pytest.approx(19 + 0.15 / 19)


def test_nothing_goes_out_before_the_server_says_so() -> None:
    clock = Clock()
    control = Pace(8, clock)
    control.busy(let_out(control)[0], 30.0)
    with pytest.raises(TimeoutError):
        let_out(control)
    clock.now += 30
    assert let_out(control) == [130.0]


def test_no_more_than_the_limit_are_out() -> None:
    control = Pace(3, Clock())
    let_out(control, 3)
    with pytest.raises(TimeoutError):
        let_out(control)


def fail(control: Pace, clock: Clock, count: int) -> None:
    for _ in range(count):
        clock.now += 100
        control.leave(let_out(control)[0], ok=False)


def test_the_breaker_opens_probes_and_gives_up() -> None:
    clock = Clock()
    control = Pace(8, clock)
    fail(control, clock, pace.WINDOW // 2)
    assert control.open_times == 1
    with pytest.raises(TimeoutError):
        let_out(control)
    fail(control, clock, len(pace.PAUSES) - 1)
    assert not control.broken
    fail(control, clock, 1)
    assert control.broken


def test_requests_that_were_out_when_it_opened_say_nothing_new() -> None:
    clock = Clock()
    control = Pace(64, clock)
    control.limit = 40.0
    went = let_out(control, 40)
    clock.now += 1
    for one in went:
        control.leave(one, ok=False)
    assert control.open_times == 1


def test_one_answer_closes_the_breaker() -> None:
    clock = Clock()
    control = Pace(8, clock)
    fail(control, clock, pace.WINDOW // 2)
    clock.now += 100
    control.leave(let_out(control)[0], ok=True)
    fail(control, clock, pace.WINDOW // 2 - 2)
    assert control.open_times == 0


def test_30_failures_in_100_do_not_open_it() -> None:
    clock = Clock()
    control = Pace(8, clock)
    for number in range(200):
        clock.now += 1
        control.leave(let_out(control)[0], ok=number % 10 >= 3)
    assert control.open_times == 0
    assert not control.broken


def test_refusals_without_end_are_given_up() -> None:
    clock = Clock()
    control = Pace(8, clock)
    for _ in range(pace.PATIENCE):
        clock.now += 1
        control.busy(let_out(control)[0], 0.0)
    assert control.broken
