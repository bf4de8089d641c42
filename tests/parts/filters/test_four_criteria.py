"""FourCriteria: one judgement, four reasons to leave a query out."""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import FourCriteria
from acclimate.parts.filters.four_criteria import CRITERIA
from acclimate.parts.part import Context
from acclimate.tables import Queries
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

ASKED = {
    "how often should a compost heap be turned": (),
    "what colour are tomatoes": ("answered",),
    "what does the author say about it": ("complete", "specific"),
    "what is water for": ("specific",),
    "two rubber pads on which wheel are pressed": ("natural",),
    "nobody judges this": None,
}
QUERIES = Queries.of(
    {"query_id": f"q{n}", "text": text, "source_doc_id": toys.CORPUS["doc_id"][n], "split": "train"}
    for n, text in enumerate(ASKED)
)
WRITER = Recorded(
    answers=tuple(
        (text, json.dumps({name: name not in broken for name in CRITERIA}))
        for text, broken in ASKED.items()
        if broken is not None
    )
)


def kept(queries=QUERIES, **settings) -> tuple[list[str], dict]:
    ctx = Context(engine=FakeEngine())
    left = FourCriteria(writer=WRITER, **settings)(toys.CORPUS, queries, ctx)
    return left["text"], ctx.notes["dropped"]


def test_a_query_stays_where_all_four_are_true_and_each_reason_is_counted() -> None:
    texts, told = kept()
    assert texts == ["how often should a compost heap be turned"]
    assert told == {
        "not answered": 1, "not complete": 1, "not specific": 2, "not natural": 1,
        "no verdict": 1, "in all": 5,
    }  # fmt: skip


def test_only_what_is_named_has_to_be_true() -> None:
    texts, told = kept(criteria=("answered", "complete"))
    assert texts == [
        "how often should a compost heap be turned", "what is water for",
        "two rubber pads on which wheel are pressed",
    ]  # fmt: skip
    assert set(told) == {"not answered", "not complete", "no verdict", "in all"}


def test_a_query_without_a_document_stays_and_is_not_asked_about() -> None:
    free = Queries.of([{"query_id": "p", "text": "nobody judges this", "split": "train"}])
    texts, told = kept(free)
    assert (texts, told["in all"]) == (["nobody judges this"], 0)


@pytest.mark.parametrize("wrong", [(), ("answered", "true")], ids=["none", "unknown"])
def test_criteria_that_there_are_not_are_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="answered, complete, specific, natural"):
        FourCriteria(writer=WRITER, criteria=wrong)


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(FourCriteria(writer=FakeWriter()), folder="filters")
