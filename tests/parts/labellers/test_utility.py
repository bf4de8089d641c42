"""Utility [001]: relevant documents, an answer from them, and those of use for it."""

import json
import re

import pytest

from acclimate.errors import RecipeError
from acclimate.models.ref import Written
from acclimate.parts.labellers import Utility
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

TEXTS = {
    "a": "bees dance in the dark", "b": "bees sleep", "c": "bees dance to show the way",
    "d": "tides rise", "e": "bees",
}  # fmt: skip
CORPUS = Corpus.columns(doc_id=list(TEXTS), title=[""] * 5, text=list(TEXTS.values()))
QUERIES = Queries.of([{"query_id": "q", "text": "why", "source_doc_id": "e", "split": "train"}])
CANDIDATES = Candidates.of(
    {"query_id": "q", "doc_id": d, "rank": n, "score": 0.0, "is_source": d == "e", "miner": "m"}
    for n, d in enumerate(TEXTS, 1)
)


class Reads(Recorded):
    """Relevant is what has bees; of use is what dances, the more the longer."""

    def _answer(self, prompt):
        found = re.findall(r"Number (\d+):\n<document \w+>\n(.*)\n", prompt)
        if "Answer from these" in prompt:
            return Written("to show the way")
        if "have to do with the query" in prompt:
            return self._said(n for n, text in found if "bees" in text)
        if "in order of use" in prompt:
            order = sorted(found, key=lambda pair: ("dance" not in pair[1], -len(pair[1])))
            return self._said(n for n, _ in order)
        assert "to show the way" in prompt
        return self._said(n for n, text in found if "dance" in text)

    @staticmethod
    def _said(numbers):
        return Written(json.dumps({"numbers": [int(n) for n in numbers]}))


def labels(part: Utility, candidates: Candidates = CANDIDATES) -> dict[str, float]:
    told = part(CORPUS, QUERIES, candidates, Context(engine=FakeEngine()))
    return dict(zip(told["doc_id"], told["value"], strict=True))


def test_the_first_of_an_order_of_use_is_of_use() -> None:
    found = labels(Utility(writer=Reads()))
    assert found == {"a": 0.0, "b": 0.0, "c": 1.0, "d": 0.0, "e": 0.0}  # a tenth of 5: one
    assert labels(Utility(writer=Reads(), keep=0.4))["a"] == 1.0  # two of 5


def test_or_all_that_are_named() -> None:
    found = labels(Utility(writer=Reads(), choose="select"))
    assert {name for name, value in found.items() if value} == {"a", "c"}


def test_later_questions_are_about_what_is_left_and_hold_the_answer() -> None:
    writer = Reads()
    labels(Utility(writer=writer))
    select, answer, rank = writer.asked
    assert (select.count("<document "), answer.count("<document ")) == (5, 4)
    assert "tides rise" not in rank
    assert "to show the way" in rank


def test_the_pool_has_the_first_by_rank_and_the_source() -> None:
    assert set(labels(Utility(writer=Reads(), pool=3))) == {"a", "b", "e"}


def test_nothing_relevant_is_a_verdict_and_no_answer_is_none() -> None:
    nothing = Recorded(answers=(("", '{"numbers": []}'),))
    assert set(labels(Utility(writer=nothing)).values()) == {0.0}
    assert len(nothing.asked) == 1
    assert labels(Utility(writer=Recorded())) == {}


@pytest.mark.parametrize("wrong", [{"pool": 0}, {"keep": 0.0}, {"keep": 1.1}], ids=str)
def test_settings_that_keep_nothing_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="Utility"):
        Utility(writer=Recorded(), **wrong)
