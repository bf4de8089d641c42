"""Answerability [031]: a label only where two prompts agree."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.labellers import Answerability
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(doc_id=["a"], title=[""], text=["bees dance"])
NAMES = ("both", "first", "second", "neither", "silent")
QUERIES = Queries.of({"query_id": n, "text": f"{n} says", "split": "train"} for n in NAMES)
CANDIDATES = Candidates.of(
    {"query_id": n, "doc_id": "a", "rank": 1, "score": 0.0, "is_source": True, "miner": "m"}
    for n in NAMES
)
YES, NO = '{"answerable": true}', '{"answerable": false}'


class Oracle(Recorded):
    """What each of the two prompts is told."""

    def _answer(self, prompt):
        first = "Can the question be answered" in prompt
        told = {"both": (YES, YES), "first": (YES, NO), "second": (NO, YES), "neither": (NO, NO)}
        name = next(n for n in NAMES if f"{n} says" in prompt)
        return Recorded(answers=(("", told.get(name, ("", ""))[not first]),))._answer("")


def test_answered_or_not_where_both_say_so_else_nothing() -> None:
    """[031] a query answerable by either prompt alone is dropped."""
    ctx = Context(engine=FakeEngine())
    labels = Answerability(writer=Oracle())(CORPUS, QUERIES, CANDIDATES, ctx)
    assert labels["query_id"] == ["both", "neither"]
    assert labels["value"] == [1.0, 0.0]
    assert ctx.notes["answerability"] == {"answered": 1, "unanswered": 1, "left out": 3}


def test_probabilities_are_compared_with_the_threshold() -> None:
    answer = '{"answerable": true, "chances": {"true": 0.6, "false": 0.4}}'
    writer = Recorded(answers=(("", answer),))
    for threshold, value in ((0.5, 1.0), (0.7, 0.0)):
        part = Answerability(writer=writer, threshold=threshold)
        labels = part(CORPUS, QUERIES, CANDIDATES, Context(engine=FakeEngine()))
        assert set(labels["value"]) == {value}


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0 and at most 1"):
        Answerability(writer=Recorded(), threshold=0.0)
