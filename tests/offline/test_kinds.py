"""What a writer is taught about a passage."""

import numpy as np
import pytest

from train.data import Passage, Question
from train.kinds import AT_MOST, KINDS, SHARES, keywords, lesson

TEXT = "The sea is cold. Three Danish straits connect it with the North Sea. Ships pass them."
PASSAGE = Passage(
    title="Baltic Sea",
    text=TEXT,
    source="boolq",
    questions=tuple(Question(text=f"which straits of the sea are number {n}?") for n in range(9)),
)


def lessons(passage, count=400):
    rng = np.random.default_rng(0)
    return [lesson(passage, rng) for _ in range(count)]


def test_every_kind_is_taught_as_often_as_it_should_be():
    kinds = [one.kind for one in lessons(PASSAGE, 2_000)]
    for kind, share in zip(KINDS, SHARES, strict=True):
        assert kinds.count(kind) / 2_000 == pytest.approx(share, abs=0.03)


def test_a_prefix_names_the_kind_and_some_questions_have_none():
    for one in lessons(PASSAGE):
        assert one.prefix in {f"{one.kind}: ", ""}
        assert one.prefix or one.kind == "question"
    questions = [one.prefix for one in lessons(PASSAGE, 2_000) if one.kind == "question"]
    assert questions.count("") / len(questions) == pytest.approx(0.25, abs=0.04)


def test_all_questions_of_a_passage_are_taught_at_once_up_to_a_number():
    for one in lessons(PASSAGE):
        if one.kind == "question":
            assert len(set(one.targets)) == AT_MOST
            assert set(one.targets) <= {q.text for q in PASSAGE.questions}


def test_a_claim_is_a_sentence_that_is_mostly_taken_out():
    claims = [one for one in lessons(PASSAGE, 2_000) if one.kind == "claim"]
    assert {one.targets for one in claims} == {
        ("Three Danish straits connect it with the North Sea.",)
    }
    shown = [one.text == TEXT for one in claims]
    assert np.mean(shown) == pytest.approx(0.1, abs=0.06)
    assert {one.text for one in claims} <= {TEXT, "The sea is cold. Ships pass them."}


def test_a_title_is_not_told_before_it_is_asked_for():
    titles = [one for one in lessons(PASSAGE, 2_000) if one.kind == "title"]
    assert {(one.title, one.targets) for one in titles} == {("", ("Baltic Sea",))}


def test_what_a_passage_cannot_teach_is_replaced_by_questions():
    bare = Passage(title="", text="Cold.", source="boolq", questions=(Question(text="why?"),))
    assert {one.kind for one in lessons(bare)} == {"question"}


def test_keywords_are_the_words_that_carry_a_question():
    asked = "What do the three Danish straits connect the Baltic Sea to?"
    assert keywords(asked) == "three Danish straits connect Baltic Sea"
    assert keywords("who is it?") == ""
