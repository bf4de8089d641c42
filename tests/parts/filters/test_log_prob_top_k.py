"""LogProbTopK [106]: the likeliest stay, in their order."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import LogProbTopK
from acclimate.parts.part import Context
from acclimate.tables import Queries


def queries(*log_probs: float | None) -> Queries:
    return Queries.of(
        {"query_id": f"q{n}", "text": f"t{n}", "log_prob": value, "split": "train"}
        for n, value in enumerate(log_probs)
    )


def test_of_three_the_likeliest_two_stay() -> None:
    """[106] keep 2 of (−1, −.2, −3): numbers 1 and 0; here in the order of the queries."""
    ctx = Context()
    assert LogProbTopK(keep=2)(queries(-1.0, -0.2, -3.0), ctx)["query_id"] == ["q0", "q1"]
    assert ctx.notes["dropped"] == {"less likely": 1, "without a log-probability": 0}


def test_unknown_ones_come_last_and_of_equal_ones_the_first_stay() -> None:
    ctx = Context()
    kept = LogProbTopK(keep=2)(queries(None, -2.0, -2.0, -2.0), ctx)
    assert kept["query_id"] == ["q1", "q2"]
    assert ctx.notes["dropped"] == {"less likely": 1, "without a log-probability": 1}
    assert LogProbTopK(keep=2)(queries(None, None, None), ctx)["query_id"] == ["q0", "q1"]


def test_fewer_than_it_keeps_all_stay() -> None:
    assert len(LogProbTopK()(queries(-1.0, None), Context())) == 2


def test_keeping_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="keeps nothing"):
        LogProbTopK(keep=0)
