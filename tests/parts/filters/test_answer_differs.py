"""AnswerDiffers [053]: a near miss is one that has another answer."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import AnswerDiffers
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.of(
    {"doc_id": i, "title": "", "text": t}
    for i, t in (
        ("lima", "Lima rules Peru."), ("city", "Most people of Peru live in Lima."),
        ("chile", "Santiago rules Chile."), ("bees", "Bees dance."),
    )
)  # fmt: skip
ROWS = (
    ("a", "which city is the capital of Peru", "lima", "train"),
    ("b", "which city is the very largest of Peru", "city", "train"),
    ("c", "which city is the capital of Chile", "chile", "train"),
    ("d", "why do bees dance in the dark", "bees", "train"),
    ("e", "which town is the capital of Peru", "lima", "train"),
    ("f", "which city is the capital of Peru then", "city", "heldout"),
    ("g", "which city is the old capital of Peru", None, "train"),
)
QUERIES = Queries.of(
    {"query_id": i, "text": t, "source_doc_id": d, "split": s} for i, t, d, s in ROWS
)
ANSWERS = (
    ("capital of Peru", "Lima"), ("largest of Peru", "lima."), ("capital of Chile", "Santiago"),
)  # fmt: skip


def kept(answers=ANSWERS, **settings) -> tuple[list[str], dict, Recorded]:
    writer, ctx = Recorded(answers=answers), Context(engine=FakeEngine())
    left = AnswerDiffers(writer=writer, **settings)(CORPUS, QUERIES, ctx)
    return left["query_id"], ctx.notes["dropped"], writer


def test_of_near_queries_with_one_answer_the_later_one_leaves() -> None:
    """[053] capital and largest city of Peru have one answer; the capital of Chile is another."""
    names, told, _ = kept()
    assert names == ["a", "c", "d", "e", "f", "g"]
    assert told == {"answered as a near one is": 1, "no answer": 0}


def test_queries_of_one_document_may_have_one_answer() -> None:
    assert "e" in kept()[0]  # "town" for "city", both of Lima


def test_only_queries_with_near_ones_are_asked_about_each_with_its_own_document() -> None:
    _, _, writer = kept()
    assert len(writer.asked) == 4
    assert all("Bees" not in asked for asked in writer.asked)
    assert sum("Lima rules" in asked for asked in writer.asked) == 2


def test_fewer_edits_make_fewer_near_ones() -> None:
    names, told, _ = kept(at_most_edits=1)
    assert "b" in names
    assert told == {"answered as a near one is": 0, "no answer": 0}


def test_a_near_query_without_an_answer_leaves() -> None:
    names, told, _ = kept(ANSWERS[:2])
    assert "c" not in names
    assert told == {"answered as a near one is": 1, "no answer": 1}


def test_no_edits_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        AnswerDiffers(writer=FakeWriter(), at_most_edits=0)


def test_it_obeys_the_laws_of_filters() -> None:
    behaviour.check_all(AnswerDiffers(writer=FakeWriter()), folder="filters")
