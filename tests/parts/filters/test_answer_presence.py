"""AnswerPresence [039]: the answer stands in the document, or the query goes."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import AnswerPresence
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

CORPUS = Corpus.of(
    [
        {"doc_id": "bridge", "title": "Bridges", "text": "It was opened in 1932, in the rain."},
        {"doc_id": "bees", "title": "", "text": "Bees dance."},
    ]
)


def kept(*rows: tuple[str, str | None, str | None], ctx: Context | None = None) -> list[str]:
    queries = Queries.of(
        {
            "query_id": text,
            "text": text,
            "source_doc_id": source,
            "answer": answer,
            "split": "train",
        }
        for text, source, answer in rows
    )
    return AnswerPresence()(CORPUS, queries, ctx or Context())["text"]


def test_an_answer_that_is_absent_takes_its_query_away() -> None:
    """[039] a pair whose answer is absent is dropped."""
    ctx = Context()
    rows = (("when?", "bridge", "1932"), ("what year?", "bridge", "1933"))
    assert kept(*rows, ctx=ctx) == ["when?"]
    assert ctx.notes == {
        "dropped": {"answer is not in the document": 1},
        "without an answer": 0,
    }


@pytest.mark.parametrize("answer", ["opened in 1932 in the rain", "THE RAIN.", "bridges"])
def test_capitals_and_marks_do_not_count_and_a_title_does(answer: str) -> None:
    assert kept(("when?", "bridge", answer)) == ["when?"]


def test_another_document_does_not_answer_for_the_source() -> None:
    assert kept(("who?", "bridge", "bees")) == []


def test_without_an_answer_or_a_source_there_is_nothing_to_look_for() -> None:
    ctx = Context()
    assert kept(("who?", "bees", None), ("why?", None, "rain"), ctx=ctx) == ["who?", "why?"]
    assert ctx.notes["without an answer"] == 1


def test_what_a_mask_hides_is_an_answer_too() -> None:
    assert kept(("It was opened in [MASK], in the rain.", "bridge", None)) == [
        "It was opened in [MASK], in the rain."
    ]


def test_a_mask_that_cannot_be_seen_is_refused() -> None:
    with pytest.raises(RecipeError, match="mask=''"):
        AnswerPresence(mask="")
