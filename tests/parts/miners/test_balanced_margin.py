"""BalancedMargin: a document of every margin, however rare. [019]"""

from collections import Counter

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import BalancedMargin
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import KnownLabeller, found_by, known

STUDENT = samples.things()[samples.Student]
# Margins to the source: ninety of 1.0 and ten of 9.0.
SCORES = {"s": 10.0} | {f"near{n}": 9.0 for n in range(90)} | {f"far{n}": 1.0 for n in range(10)}


def share_of_far(scores, draws: int, **settings) -> float:
    miner, corpus, queries = known({f"q{n}": scores for n in range(draws)})
    part = BalancedMargin(miner=miner, count=1, **settings)
    found = found_by(part(corpus, queries, STUDENT, Context()))
    drawn = Counter(d[:3] for documents in found.values() for d in documents if d != "s")
    assert sum(drawn.values()) == draws
    return drawn["far"] / draws


def test_a_rare_margin_is_drawn_half_of_the_time() -> None:
    """[019] Two bins hold something, so the ten come as often as the ninety: ½, not 1/10."""
    assert share_of_far(SCORES, 400) == pytest.approx(0.5, abs=4 * 0.025)


def test_in_one_bin_every_document_is_as_likely() -> None:
    assert share_of_far(SCORES, 400, bins=1) == pytest.approx(0.1, abs=4 * 0.015)


def test_margins_are_the_teachers_where_there_is_one() -> None:
    """The miner finds all alike; the teacher tells ten from ninety."""
    alike = dict.fromkeys(SCORES, 1.0)
    labeller = KnownLabeller(values=tuple(SCORES.items()))
    assert share_of_far(alike, 400) == pytest.approx(0.1, abs=4 * 0.015)
    share = share_of_far(alike, 400, labeller=labeller)
    assert share == pytest.approx(0.5, abs=4 * 0.025)


def test_what_the_teacher_does_not_label_is_not_drawn() -> None:
    miner, corpus, queries = known({"q": {"s": 3.0, "a": 2.0, "b": 1.0}})
    labeller = KnownLabeller(values=(("s", 1.0), ("b", 0.5)))
    part = BalancedMargin(miner=miner, labeller=labeller, count=5)
    found = part(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["s", "b"]}
    assert found["score"] == [3.0, 1.0]


def test_equal_scores_are_one_bin() -> None:
    miner, corpus, queries = known({"q": {"s": 1.0, "a": 0.5, "b": 0.5}})
    found = BalancedMargin(miner=miner, count=2)(corpus, queries, STUDENT, Context())
    assert found_by(found) == {"q": ["s", "a", "b"]}


@pytest.mark.parametrize("settings", [{"count": 0}, {"bins": 0}], ids=["count", "bins"])
def test_to_draw_nothing_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        BalancedMargin(**settings)
