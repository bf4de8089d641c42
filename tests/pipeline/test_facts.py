"""Facts: rows and costs of steps, added up by hand."""

from __future__ import annotations

from dataclasses import replace

from acclimate.models.remote.answers import Total
from acclimate.pipeline.facts import cost, curve, endpoints, funnel, scale
from acclimate.pipeline.store import Step

STEP = Step(
    key="k", name="Filter", part="Filter()", rows_in={"Queries": 10, "Corpus": 5}, rows_out=7,
    seconds=2.0, cpu_seconds=3.0, peak_bytes=100, gave="Queries",
    notes={"dropped": {"too long": 3, "too short": 0}},
    usage={"encode": {"calls": 2, "computed": 40, "tokens": 600}},
)  # fmt: skip
FIT = Step(
    key="f", name="Fit", part="Fit()", rows_in={}, rows_out=None, seconds=5.0, cpu_seconds=5.0,
    peak_bytes=900, gave="Student", depth=1,
    notes={"curve": {"step": [1, 2], "loss": [1.0, 0.5]}, "scale": {"scale": 7.0}},
)  # fmt: skip
ROUNDS = replace(FIT, name="Rounds", depth=0, notes={}, seconds=6.0)
STEPS = (STEP, FIT, ROUNDS)


def test_the_funnel_has_rows_before_and_after_and_why() -> None:
    (row,) = funnel(STEPS)
    assert (row["before"], row["after"], row["reasons"]) == (10, 7, {"too long": 3})


def test_steps_inside_others_count_once() -> None:
    told = cost(STEPS)
    assert told["seconds"] == 8.0
    assert told["cpu_seconds"] == 8.0
    assert (told["tokens"], told["calls"]) == (600, 40)
    assert told["peak_bytes"] >= 900


def test_requests_and_money_are_told_by_step_and_in_all() -> None:
    asking = {"write": {"calls": 1, "requests": 4, "money": 0.25}, "encode": {"calls": 1}}
    told = cost((replace(STEP, usage=asking), FIT))
    assert [(s["requests"], s["money"]) for s in told["steps"]] == [(4, 0.25), (0, 0.0)]
    paid = endpoints(Total(answered=3, calls=4, tokens_in=60, tokens_out=9, cost=0.25))
    assert paid is not None
    assert (paid["requests"], paid["answers"], paid["money"]) == (4, 3, 0.25)
    assert endpoints(Total()) is None


def test_every_fitting_has_its_curve_and_the_last_its_scale() -> None:
    assert curve(STEPS) == [{"step": "Fit", "depth": 1, "updates": [1, 2], "loss": [1.0, 0.5]}]
    assert scale(STEPS) == {"scale": 7.0}
    assert scale((STEP,)) is None
