"""JointDocumentQuestion [039]: a document and its questions in one answer, looked at twice."""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.drafters import JointDocumentQuestion
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.columns(
    doc_id=["a", "b", "c"], title=[""] * 3, text=["bees dance", "tides rise", "rust grows"]
)


def answer(document: str, *pairs: tuple[str, str]) -> str:
    told = {"document": document}
    for number in range(3):
        question, said = pairs[number] if number < len(pairs) else ("", "")
        told |= {f"question_{number + 1}": question, f"answer_{number + 1}": said}
    return json.dumps(told)


WRITER = Recorded(
    answers=(
        ("bees", answer("Ants carry leaves into the nest.", ("what do ants carry", "Leaves"),
                        ("how many ants are there", "a million"))),
        ("tides", answer("In this image the sea is calm.", ("what is calm", "the sea"))),
        ("rust", answer("Paint keeps iron dry.", ("what keeps iron dry", "paint"))),
    )
)  # fmt: skip


def made(**settings):
    ctx = Context(engine=FakeEngine())
    part = JointDocumentQuestion(writer=WRITER, **settings)
    return part(CORPUS, ctx), ctx.notes["written"]


def test_a_document_that_speaks_of_an_image_and_an_answer_that_is_absent_go() -> None:
    """[039] "in this image" is dropped, and so is a pair whose answer is not in the document."""
    drafts, told = made(pairs=3)
    assert dict(zip(drafts["asks"], drafts["text"], strict=True)) == {
        "what do ants carry": "Ants carry leaves into the nest.",
        "what keeps iron dry": "Paint keeps iron dry.",
    }
    assert told == {
        "documents": 3,
        "speaks of what it was written from": 1,
        "answer is not in the document": 1,
    }


def test_other_words_may_be_banned() -> None:
    drafts, _ = made(pairs=3, banned=("paint",))
    assert sorted(drafts["asks"]) == ["what do ants carry", "what is calm"]


def test_questions_of_one_document_share_it() -> None:
    both = Recorded(
        answers=(("", answer("Ants carry leaves.", ("who", "ants"), ("what", "leaves"))),)
    )
    drafts = JointDocumentQuestion(writer=both, pairs=1)(CORPUS, Context(engine=FakeEngine()))
    assert len(set(drafts["doc_id"])) == 1
    assert len(set(drafts["query_id"])) == 2


def test_an_answer_without_a_document_gives_nothing() -> None:
    empty = Recorded(answers=(("", answer("", ("who", "ants"))),))
    assert len(JointDocumentQuestion(writer=empty)(CORPUS, Context(engine=FakeEngine()))) == 0


def test_no_document_is_refused() -> None:
    with pytest.raises(RecipeError, match="give 1 or more"):
        JointDocumentQuestion(writer=FakeWriter(), pairs=0)
