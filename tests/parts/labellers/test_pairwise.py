"""Pairwise [016] [002]: every pair of the first few, in both orders."""

import itertools
import json
from math import log

import pytest

from acclimate.errors import RecipeError
from acclimate.models.ref import Written
from acclimate.parts.labellers import Pairwise
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

NAMES = "abcdefg"
CORPUS = Corpus.columns(doc_id=list(NAMES), title=[""] * 7, text=[f"worth {n}" for n in range(7)])
QUERIES = Queries.of([{"query_id": "q", "text": "which", "split": "train"}])


def candidates(names: str) -> Candidates:
    return Candidates.of(
        {"query_id": "q", "doc_id": d, "rank": n, "score": 0.0, "is_source": False, "miner": "m"}
        for n, d in enumerate(names, 1)
    )


def worths(prompt: str) -> tuple[int, int]:
    first, second = (int(part.split()[0]) for part in prompt.split("worth ")[1:])
    return first, second


class Honest(Recorded):
    def _answer(self, prompt: str) -> Written:
        first, second = worths(prompt)
        return Written('{"better": "A"}' if first > second else '{"better": "B"}')


class TakesTheFirst(Recorded):
    def _answer(self, prompt: str) -> Written:
        return Written('{"better": "A"}')


def run(writer, names: str, **settings):
    part = Pairwise(writer=writer, **settings)
    return part(CORPUS, QUERIES, candidates(names), Context(engine=FakeEngine()))


def test_the_first_five_are_compared_each_with_each_in_both_orders() -> None:
    """[016] all pairs of the top five."""
    writer = Honest()
    labels = run(writer, "gfedcba")
    assert labels["doc_id"] == list("gfedc")
    # the best wins 4 of 4, the next 3 of 4, …
    assert labels["value"] == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert sorted(map(worths, writer.asked)) == sorted(itertools.permutations((2, 3, 4, 5, 6), 2))


def test_a_judge_that_only_follows_the_order_says_nothing() -> None:
    assert run(TakesTheFirst(), "abc")["value"] == [0.5, 0.5, 0.5]


class Unsure(Recorded):
    def _answer(self, prompt: str) -> Written:
        first, second = worths(prompt)
        chance = 0.8 if first > second else 0.4
        chances = {"A": chance, "B": 1 - chance}
        return Written(json.dumps({"better": "A", "chances": chances}))


def test_a_preference_counts_by_its_probability() -> None:
    """[002] the preference of a language model: 0.8 when shown first, 1 − 0.4 when second."""
    assert run(Unsure(), "ba")["value"] == pytest.approx([0.7, 0.3])


def test_without_a_verdict_there_is_no_label() -> None:
    assert len(run(Recorded(), "abc")) == 0
    assert len(run(Honest(), "a")) == 0


def test_a_few_cycles_and_a_model_of_contests_spare_judgements() -> None:
    """[119] each of 2 cycles visits each of 7 documents twice: 14 pairs in both orders."""
    writer = Honest()
    labels = run(writer, NAMES, depth=7, cycles=2, aggregate="bradley_terry")
    assert len(writer.asked) <= 2 * 14 < 7 * 6
    values = dict(zip(labels["doc_id"], labels["value"], strict=True))
    assert values["g"] > 0 > values["a"]
    assert sum(values.values()) == pytest.approx(0, abs=1e-5)


def test_strengths_are_log_odds_of_the_preferences() -> None:
    """[119] preferred by 0.7 in both orders, and drawn 0.1 besides: 1.45 of 2.1."""
    labels = run(Unsure(), "ba", aggregate="bradley_terry")
    assert labels["value"][0] - labels["value"][1] == pytest.approx(log(1.45 / 0.65), abs=1e-5)


@pytest.mark.parametrize("settings", [{"depth": 1}, {"cycles": 0}])
def test_comparing_nothing_is_refused(settings) -> None:
    with pytest.raises(RecipeError, match="compares nothing"):
        Pairwise(writer=Recorded(), **settings)
