"""Uncertainties reproduce [108] by hand."""

import pytest

from acclimate.parts.evaluators.uncertainty import degree, eccentricity, similarities

CASES = (
    (["paris france", "Paris France", "lyon city", "paris"], 0.5, 1.41421),
    (["bees dance"] * 4, 0.0, 0.0),
    (["one", "two", "three", "four"], 0.75, 1.73205),
)


@pytest.mark.parametrize(
    ("answers", "apart", "far"), CASES, ids=["two groups and one between", "one group", "four"]
)
def test_the_values_of_the_paper(answers, apart, far) -> None:
    """[108]: degree .5, 0 and .75; eccentricity 1.41421, 0 and 1.73205."""
    assert degree(answers) == pytest.approx(apart)
    assert eccentricity(answers) == pytest.approx(far, abs=1e-5)


def test_degree_is_the_mean_of_what_is_missing() -> None:
    """W between "paris france" and "paris" is ½: Σ(1 − W) = 2·2 (lyon–paris france) + 2 + 2·½·2."""
    like = similarities(CASES[0][0])
    assert like[0].tolist() == [1.0, 1.0, 0.0, 0.5]
    assert (1 - like).sum() == pytest.approx(4 + 2 + 2)
    assert degree(CASES[0][0]) == pytest.approx(8 / 16)


def test_the_order_of_answers_changes_nothing() -> None:
    answers = CASES[0][0]
    assert eccentricity(answers[::-1]) == pytest.approx(eccentricity(answers))


def test_answers_without_words_are_like_each_other() -> None:
    assert degree(["", "?"]) == 0
    assert degree([]) == eccentricity([]) == 0
