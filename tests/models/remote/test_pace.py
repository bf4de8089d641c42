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


def test_refusals_cut_by_half_of_their_share_once_for_all_that_were_out() -> None:
    clock = Clock()
    control = Pace(64, clock)
    control.limit = 20.0
    went = let_out(control, 4)
    clock.now += 1
    for one in went[:3]:
        control.leave(one, ok=True)
    limit = control.limit
    control.busy(went[3], 0.0)  # one of four: 1 − ¼ / 2
    assert control.limit == pytest.approx(limit * 0.875)
    control.in_flight += 1
    control.busy(went[3], 0.0)
    assert control.limit == pytest.approx(limit * 0.875)
    assert control.refused == 2


def test_after_a_refusal_an_answer_adds_a_little_a_round_and_2_in_100() -> None:
    clock = Clock()
    control = Pace(64, clock)
    control.limit = 20.0
    control.busy(let_out(control)[0], 0.0)
    limit = control.limit
    assert limit == 10.0  # all of the one: 1 − 1 / 2
    control.leave(let_out(control)[0], ok=True)
    assert control.limit == pytest.approx(limit + 0.02 / limit + 0.02)


def test_one_refusal_among_many_answers_holds_up_nobody_else() -> None:
    clock = Clock()
    control = Pace(64, clock)
    for went in let_out(control, 4) * 5:
        control.leave(went, ok=True)
        control.in_flight += 1
    control.busy(clock.now, 30.0)  # one of 21
    control.in_flight = 0
    clock.now += 1
    assert let_out(control) == [clock.now]


def test_requests_are_spaced_over_the_time_an_answer_takes() -> None:
    clock = Clock()
    control = Pace(64, clock)
    went = let_out(control)[0]
    clock.now += 1.0
    control.leave(went, ok=True)
    control.busy(let_out(control)[0], 0.0)
    control.limit = 2.5
    clock.now += 10
    # 1 s ÷ 2.5 = 0.4 s: after a rest two at once and, 0.4 s later, one more
    let_out(control, 2)
    clock.now += 0.39
    with pytest.raises(TimeoutError):
        let_out(control)
    clock.now += 0.02
    let_out(control)


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
