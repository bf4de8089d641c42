"""SimANS: documents about as close as the source, the baseline of [025]."""

from collections import Counter
from math import exp, log

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import SimANS
from acclimate.parts.miners._lists import Lists
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]


def log_chances(scores, *, source="s", **settings):
    miner, corpus, queries = known({"q": scores}, source=source)
    lists = Lists.of(miner(corpus, queries, Context()))
    return dict(zip(scores, SimANS(miner=miner, **settings).log_chances(lists), strict=True))


def test_chances_fall_with_the_square_of_the_distance_to_the_source() -> None:
    found = log_chances({"a": 0.9, "s": 0.8, "b": 0.8, "c": 0.7, "d": 0.6}, a=200.0)
    assert found == pytest.approx({"a": -2, "s": 0, "b": 0, "c": -2, "d": -8}, abs=1e-4)


def test_b_moves_the_highest_chance_below_the_source() -> None:
    found = log_chances({"s": 0.8, "b": 0.8, "c": 0.7, "d": 0.6}, a=100.0, b=-0.1)
    assert found == pytest.approx({"s": -1, "b": -1, "c": 0, "d": -1}, abs=1e-4)


def test_without_a_source_all_are_alike() -> None:
    assert log_chances({"a": 0.9, "b": 0.1}, source=None) == {"a": 0, "b": 0}


def test_documents_are_drawn_with_these_chances() -> None:
    """One of three at distances 0, 0.1 and 0.2: e⁰ : e^−log 2 : e^−4 log 2 = 16 : 8 : 1."""
    scores = {"s": 0.5, "near": 0.5, "far": 0.6, "farther": 0.3}
    miner, corpus, queries = known({f"q{n}": scores for n in range(3_000)})
    part = SimANS(miner=miner, count=1, a=log(2) / 0.01)
    found = found_by(part(corpus, queries, STUDENT, Context()))
    times = Counter(d for documents in found.values() for d in documents if d != "s")
    expected = np.array([16, 8, 1]) / 25
    drawn = np.array([times["near"], times["far"], times["farther"]]) / 3_000
    assert np.abs(drawn - expected).max() < 4 * 0.0088  # standard deviation of the first
    assert exp(-log(2)) == pytest.approx(0.5)


def test_scores_and_the_source_stay() -> None:
    miner, corpus, queries = known({"q": {"a": 0.9, "s": 0.8, "b": 0.75, "c": 0.1}})
    found = SimANS(miner=miner, count=9)(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["a", "s", "b", "c"]}
    assert found["is_source"] == [False, True, False, False]
    assert found["score"] == pytest.approx([0.9, 0.8, 0.75, 0.1])


@pytest.mark.parametrize("settings", [{"count": 0}, {"a": -1.0}], ids=["count", "a"])
def test_to_draw_nothing_or_the_unlikely_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="or more"):
        SimANS(**settings)
