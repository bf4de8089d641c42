"""NumberAware: documents with numbers, so that numbers are told apart. [013]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.miners import NumberAware
from acclimate.parts.part import Context
from acclimate.testing import samples
from acclimate.testing.known import found_by, known

STUDENT = samples.things()[samples.Student]


def kept(texts, **settings):
    scores = {d: -rank for rank, d in enumerate(texts)}
    miner, corpus, queries = known({"q": scores}, texts=texts)
    ctx = Context()
    found = NumberAware(miner=miner, **settings)(corpus, queries, STUDENT, ctx)
    return found_by(found)["q"], ctx.notes["without numbers"]


def test_three_of_four_facts_with_numbers_and_never_the_source() -> None:
    """[013] Ten facts, four of them numeric beside the source: three, each with a digit."""
    words = {f"w{n}": "profit rose again" for n in "abcde"}
    numeric = {f"n{n}": f"profit was {n}0 million" for n in range(1, 5)}
    texts = {"wa": words.pop("wa"), **numeric, "s": "profit was 70 million", **words}
    assert kept(texts) == (["n1", "n2", "n3", "s"], 5)


def test_a_source_without_a_number_stays() -> None:
    assert kept({"s": "no figure", "a": "in 1998"}) == (["s", "a"], 0)


def test_a_number_with_commas_and_points_is_one() -> None:
    texts = {"s": "x", "one": "1,200.50 dollars", "two": "7 of 12"}
    assert kept(texts, at_least_numbers=2)[0] == ["s", "two"]


@pytest.mark.parametrize("settings", [{"count": 0}, {"at_least_numbers": 0}], ids=["no", "any"])
def test_to_keep_nothing_or_everything_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        NumberAware(**settings)
