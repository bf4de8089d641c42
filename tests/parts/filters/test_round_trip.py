"""RoundTrip: queries that lead back to their document."""

import pytest

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.filters import RoundTrip
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex

STUDENT = Student(encoder=FakeEncoder())
CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (("first", "warm milk"), ("second", "milk"), ("third", "rice"))
)
QUERIES = Queries.of(
    {"query_id": s or "log", "text": "milk", "source_doc_id": s, "split": "train"}
    for s in ("first", "second", "third", None)
)


def kept(part, ctx=None):
    return part(CORPUS, QUERIES, STUDENT, ctx or Context(engine=FakeEngine()))["query_id"]


def test_only_the_first_result_leads_back_at_depth_one():
    ctx = Context(engine=FakeEngine())
    assert kept(RoundTrip(index=FakeIndex()), ctx) == ["first", "log"]
    assert ctx.notes["dropped"] == {"source not in the first 1": 2}


def test_a_greater_depth_lets_more_lead_back():
    assert kept(RoundTrip(index=FakeIndex(), depth=2)) == ["first", "second", "log"]
    assert kept(RoundTrip(index=FakeIndex(), depth=99)) == ["first", "second", "third", "log"]


def test_without_an_index_the_student_searches_with_its_first_weights():
    learnt = STUDENT.trained(FakeEncoder(salt="learnt"))
    ctx = Context(engine=FakeEngine())
    assert RoundTrip()(CORPUS, QUERIES, learnt, ctx)["query_id"] == ["second", "log"]
    assert [key[0] for key in ctx.engine._built] == [key[0] for key in _built_by(FakeEncoder())]


def _built_by(encoder):
    ctx = Context(engine=FakeEngine())
    RoundTrip()(CORPUS, QUERIES, Student(encoder=encoder), ctx)
    return ctx.engine._built


def test_queries_of_people_alone_are_not_searched_for():
    engine = FakeEngine()
    result = RoundTrip()(toys.CORPUS, toys.QUERIES, STUDENT, Context(engine=engine))
    assert result.digest == toys.QUERIES.digest
    assert not engine.calls


def test_a_depth_of_zero_is_refused():
    with pytest.raises(RecipeError, match="keeps nothing"):
        RoundTrip(depth=0)


def test_by_the_student_as_it_is_held_out_queries_are_left_alone():
    """What a student is judged by must not be of its own choice."""
    learnt = STUDENT.trained(FakeEncoder(salt="learnt"))
    rows = QUERIES.dicts()
    rows[0]["split"] = "heldout"
    ctx = Context(engine=FakeEngine())
    found = RoundTrip(by="student")(CORPUS, Queries.of(rows), learnt, ctx)
    assert found["query_id"] == ["first", "second", "log"]
    built = [key[0] for key in ctx.engine._built]
    assert built == [key[0] for key in _built_by(FakeEncoder(salt="learnt"))]
