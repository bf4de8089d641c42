"""PositiveAware: what comes too close to the source is left out, by the miner's scores. [011]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import PositiveAware
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]
CATALOGUE = {"s": 0.80, "a": 0.79, "b": 0.77, "c": 0.755, "d": 0.74, "e": 0.60}


def kept(scores, *, source="s", **settings):
    miner, corpus, queries = known({"q": scores}, source=source)
    ctx = Context()
    found = PositiveAware(miner=miner, **settings)(corpus, queries, STUDENT, ctx)
    return found_by(found)["q"], ctx.notes["too close to the source"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"percent": 0.95}, ["s", "c", "d", "e"]),  # bar 0.95 · 0.80 = 0.76
        ({"percent": None, "margin": 0.05}, ["s", "d", "e"]),  # bar 0.80 − 0.05 = 0.75
        ({"percent": None, "at_most": 0.7}, ["s", "e"]),
        ({"percent": 0.95, "margin": 0.05}, ["s", "d", "e"]),  # the lower bar
    ],
    ids=["percent", "margin", "at most", "both"],
)
def test_the_catalogues_values(settings, expected) -> None:
    assert kept(CATALOGUE, **settings) == (expected, 6 - len(expected))


@pytest.mark.parametrize(
    "settings", [{"percent": 0.95}, {"percent": None, "margin": 0.05}], ids=["percent", "margin"]
)
def test_the_bar_of_a_negative_source_lies_below_it(settings) -> None:
    # the bar is −1 − 0.05; a peer's rule s⁺ · 0.95 = −0.95 would keep −0.97
    assert kept({"a": -0.97, "s": -1.0, "b": -1.06}, **settings) == (["s", "b"], 1)


def test_the_best_that_stay_are_kept() -> None:
    assert kept(CATALOGUE, keep=2)[0] == ["s", "c", "d"]


def test_without_a_source_only_a_fixed_bar_holds() -> None:
    scores = {d: s for d, s in CATALOGUE.items() if d != "s"}
    assert kept(scores, source=None)[0] == list("abcde")
    assert kept(scores, source=None, at_most=0.75)[0] == ["d", "e"]


def test_planted_copies_of_the_source_are_not_mined() -> None:
    """[011] Two of the five best say the same as the source: among those kept none does."""
    scores = {"s": 0.90, "copy1": 0.90, "copy2": 0.89, "a": 0.7, "b": 0.6, "c": 0.5}
    assert kept(scores, keep=3)[0] == ["s", "a", "b", "c"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"percent": None}, "PositiveAware has no bar"),
        ({"percent": 1.5}, "share lies between 0 and 1"),
        ({"margin": -0.1}, "0 or more"),
        ({"keep": 0}, "1 or more"),
    ],
    ids=["none", "share", "margin", "keep"],
)
def test_bars_above_the_source_are_refused(settings, message) -> None:
    with pytest.raises(RecipeError, match=message):
        PositiveAware(**settings)
