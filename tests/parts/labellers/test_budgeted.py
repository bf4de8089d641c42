"""Budgeted [079]: a teacher sees so many queries and no more."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.labellers import Budgeted, Graded, SourceIsRelevant
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.recorded import Recorded

THINGS = samples.things()


def labelled(part: Budgeted, queries: Queries = THINGS[Queries]):
    ctx = Context(engine=FakeEngine())
    tables = (THINGS[Corpus], queries, THINGS[Candidates], THINGS[Student])
    return part(*tables, ctx), ctx.notes["budget"]


def test_the_calls_stay_within_the_budget_and_are_told() -> None:
    """[079] 3 queries of 4 candidates each: 12 judgements."""
    writer = Recorded(answers=(("", '{"grade": 2}'),))
    labels, told = labelled(Budgeted(labeller=Graded(writer=writer), queries=3))
    assert len(writer.asked) == len(labels) == 12
    assert told == {"queries": 3, "pairs": 12, "left to others": 9}


def test_topics_take_turns() -> None:
    rows = THINGS[Queries].dicts()
    for number, row in enumerate(rows):
        row["topic"] = 0 if number < 10 else number
    labels, _ = labelled(Budgeted(labeller=SourceIsRelevant(), queries=3), Queries.of(rows))
    topics = [row["topic"] for row in rows if row["query_id"] in set(labels["query_id"])]
    assert sorted(topics) == [0, 10, 11]


def test_held_out_queries_are_not_paid_for() -> None:
    rows = THINGS[Queries].dicts()
    for row in rows[:6]:
        row["split"] = "heldout"
    labels, told = labelled(Budgeted(labeller=SourceIsRelevant(), queries=99), Queries.of(rows))
    assert set(labels["query_id"]) == {row["query_id"] for row in rows[6:]}
    assert told["left to others"] == 0


def test_a_larger_budget_holds_the_smaller() -> None:
    few, many = (
        set(labelled(Budgeted(labeller=SourceIsRelevant(), queries=n))[0]["query_id"])
        for n in (3, 7)
    )
    assert few < many


def test_no_budget_is_refused() -> None:
    with pytest.raises(RecipeError, match="labels nothing"):
        Budgeted(labeller=SourceIsRelevant(), queries=0)
