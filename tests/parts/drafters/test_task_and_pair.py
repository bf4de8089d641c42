"""TaskAndPair [078]: a task, a query, and the document that serves it, all invented."""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._asking import Said
from acclimate.parts._instructed import split
from acclimate.parts.drafters import TaskAndPair
from acclimate.parts.drafters.task_and_pair import pair_of
from acclimate.parts.generators import Drafted
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(
    doc_id=["a", "b", "c"], title=[""] * 3, text=["bees dance", "tides rise", "rust grows"]
)


def told(name: str) -> str:
    return json.dumps(
        {"task": f"Find reports on {name}.", "query": name, "document": f"{name} report",
         "other": f"{name} song"}
    )  # fmt: skip


WRITER = Recorded(
    answers=(("bees", told("honey")), ("tides", told("harbour")), ("rust", told("paint")))
)


def test_a_pair_brings_its_query_its_document_and_a_hard_negative() -> None:
    """[078] tasks with query and passage examples."""
    drafts = TaskAndPair(writer=WRITER, pairs=3)(CORPUS, Context(engine=FakeEngine()))
    assert drafts["kind"] == ["task", "task_other"] * 3
    assert drafts["value"] == [1.0, 0.0] * 3
    assert {split(asks) for asks in drafts["asks"]} == {
        (name, f"Find reports on {name}.") for name in ("honey", "harbour", "paint")
    }


def test_the_queries_of_drafts_stand_behind_the_others_and_train() -> None:
    known = Queries.of([{"query_id": "q", "text": "why", "source_doc_id": "a", "split": "heldout"}])
    ctx = Context(engine=FakeEngine())
    drafts = TaskAndPair(writer=WRITER, pairs=2)(CORPUS, ctx)
    queries = Drafted()(known, drafts, ctx)
    assert queries["query_id"][0] == "q"
    assert queries["kind"][1:] == ["drafted"] * 2
    assert queries["split"][1:] == ["train"] * 2
    assert queries["source_doc_id"][1:] == [None] * 2
    assert Drafted()(queries, drafts, ctx).digest == queries.digest


def test_more_pairs_begin_with_the_same_ones() -> None:
    few, many = (
        TaskAndPair(writer=WRITER, pairs=n)(CORPUS, Context(engine=FakeEngine()))["asks"]
        for n in (1, 3)
    )
    assert many[: len(few)] == few


def test_a_document_shows_the_field_twice_only_when_all_have_once() -> None:
    writer = Recorded(answers=WRITER.answers)
    ctx = Context(engine=FakeEngine())
    drafts = TaskAndPair(writer=writer, pairs=5)(CORPUS, ctx)
    assert ctx.notes["pairs"] == {"asked for": 5, "written": 3}  # recorded answers repeat
    assert len(drafts) == 6


@pytest.mark.parametrize(
    "lacking", [{"task": ""}, {"other": "honey report"}, {"document": " "}, {"query": ""}]
)
def test_an_answer_that_lacks_something_gives_nothing(lacking) -> None:
    whole = json.loads(told("honey"))
    assert len(pair_of(Said(json.dumps(whole), None))) == 2
    assert pair_of(Said(json.dumps({**whole, **lacking}), None)) == []
    assert pair_of(Said("", None)) == []


def test_no_pair_is_refused() -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        TaskAndPair(writer=FakeWriter(), pairs=0)
