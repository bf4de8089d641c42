"""QuestionAnswer [039]: a question and its answer come together."""

import json

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import AnswerPresence
from acclimate.parts.generators import QuestionAnswer
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine, FakeWriter
from acclimate.testing.recorded import Recorded

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (("bridge", "The bridge was opened in 1932."), ("bees", "Bees dance."))
)


def said(question: str, answer: str) -> str:
    return json.dumps({"question": question, "answer": answer})


def written(*answers: tuple[str, str], **settings):
    ctx = Context(engine=FakeEngine())
    part = QuestionAnswer(writer=Recorded(answers=answers, log_probs=(-0.5,)), **settings)
    return part(CORPUS, ctx), ctx.notes


def test_a_question_has_its_answer_beside_it_and_its_document_as_source() -> None:
    queries, notes = written(
        ("opened", said("when was\nthe bridge opened?", "1932")), ("Bees", said("who dances?", ""))
    )
    assert queries["text"] == ["when was the bridge opened?"]
    assert queries["answer"] == ["1932"]
    assert queries["source_doc_id"] == ["bridge"]
    assert queries["kind"] == ["answered"]
    assert queries["log_prob"] == [-0.5]
    assert notes["left out"] == {"repeated, or without question or answer": 1}


def test_what_the_document_does_not_say_is_dropped_by_the_filter_behind_it() -> None:
    """[039] a pair whose answer is absent is dropped."""
    queries, _ = written(
        ("opened", said("when was the bridge opened?", "1933")),
        ("Bees", said("who dances?", "bees")),
    )
    kept = AnswerPresence()(CORPUS, queries, Context())
    assert kept["answer"] == ["bees"]


def test_a_question_that_is_asked_twice_is_one() -> None:
    queries, notes = written(
        ("opened", said("when?", "1932")), ("Bees", said("who?", "bees")), per_document=3
    )
    assert queries["text"] == ["when?", "who?"]
    assert notes["left out"] == {"repeated, or without question or answer": 4}


@pytest.mark.parametrize("wrong", [{"documents": 0}, {"per_document": 0}], ids=str)
def test_to_write_nothing_is_refused(wrong) -> None:
    with pytest.raises(RecipeError, match="Give 1 or more"):
        QuestionAnswer(writer=FakeWriter(), **wrong)
