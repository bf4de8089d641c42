"""Leakage: held-out queries that stand in what is learned from. [050] [063]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.evaluators import Leakage
from acclimate.parts.evaluators.leakage import Chances, rarity
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries, Scores
from acclimate.testing import behaviour, toys

TOPICS = ("brake", "chain", "tyre", "wheel", "lamp", "saddle", "bell", "gear", "pump", "fork")


def queries(held: list[str], train: list[str]) -> Queries:
    told = [*((t, "heldout") for t in held), *((t, "train") for t in train)]
    return Queries.of(
        {"query_id": f"{split} {n}", "text": text, "split": split}
        for n, (text, split) in enumerate(told)
    )


def measured(asked: Queries, corpus: Corpus = toys.CORPUS, **settings: int) -> tuple[Scores, dict]:
    ctx = Context()
    return Leakage(**settings)(corpus, asked, ctx), ctx.notes["copied"]


def value(scores: Scores, system: str, measure: str) -> float:
    return scores.where("system", [system]).where("measure", [measure])["value"][0]


def test_planted_queries_are_listed_and_no_others() -> None:
    """[063]: 5 of 10 test queries planted in synthetic data: exactly those 5 are listed."""
    held = [f"how do I mend the {topic} of an old bicycle at home" for topic in TOPICS]
    written = [f"what the {topic} of a new machine is made of today" for topic in TOPICS]
    planted = [f"please tell me {held[n]} today" for n in (1, 3, 4, 7, 8)]
    _, copied = measured(queries(held, [*written, *planted]))
    assert copied == {"training queries": [f"heldout {n}" for n in (1, 3, 4, 7, 8)]}


def test_the_run_in_common_is_counted_in_words_and_as_a_share() -> None:
    """[050]: longest common run; "warm milk and" of 4 words stands in the document on yoghurt."""
    scores, copied = measured(queries(["warm milk and salt"], ["cold milk and salt"]))
    assert value(scores, "documents", "copied words") == 3
    assert value(scores, "documents", "copied share") == 0.75
    assert value(scores, "training queries", "copied words") == 3
    assert copied == {}


def test_a_short_query_counts_where_it_stands_as_a_whole() -> None:
    _, copied = measured(queries(["warm milk and a spoon"], []))
    assert copied == {"documents": ["heldout 0"]}
    assert measured(queries(["warm milk and salt"], []), at_least_words=3)[1] == copied


def test_the_rarity_of_a_run_is_the_sum_over_its_words() -> None:
    """[063]: token probabilities .1 and .01 give −ln .1 − ln .01 = 6.907755."""
    assert rarity([0.1, 0.01]) == pytest.approx(6.907755, abs=5e-7)


def test_what_never_stood_is_the_rarest() -> None:
    chances = Chances(["milk milk honey"])  # (2 + 1) / 6, (1 + 1) / 6, and 1 / 6 of any other
    assert chances.rarity(["milk"]) == pytest.approx(rarity([3 / 6]))
    assert chances.rarity(["honey", "salt"]) == pytest.approx(rarity([2 / 6, 1 / 6]))


def test_rarity_tells_a_name_from_a_turn_of_speech() -> None:
    scores, _ = measured(queries(["sourdough starter is flour"], []))
    plain, _ = measured(queries(["the wheel and find the"], []))
    assert value(scores, "documents", "copied words") == 4
    assert value(plain, "documents", "copied words") == 5
    assert value(scores, "documents", "rarity") > value(plain, "documents", "rarity") * 4 / 5


def test_training_queries_are_not_measured_and_none_is_an_empty_table() -> None:
    assert len(measured(queries([], ["warm milk"]))[0]) == 0
    assert len(measured(queries(["milk"], []), Corpus.empty())[0]) == 6


def test_a_run_of_no_words_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 word or more"):
        Leakage(at_least_words=0)


def test_it_obeys_the_laws_of_evaluators() -> None:
    behaviour.check_all(Leakage(), folder="evaluators")
