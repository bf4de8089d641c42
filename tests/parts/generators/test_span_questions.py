"""SpanQuestions: questions around the phrases of a document."""

import pytest

from acclimate.parts._words import words
from acclimate.parts.generators import SpanQuestions
from acclimate.parts.generators._language import QUESTIONS, Languages, detect, function_words
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def asked(text, title="", **settings):
    corpus = Corpus.of([{"doc_id": "a", "title": title, "text": text}])
    return SpanQuestions(**settings)(corpus, Context())["text"]


def test_a_phrase_has_no_function_word_or_punctuation_inside():
    texts = asked("Rim brakes, rubber pads and the wheel.", templates=("{span}",), per_document=20)
    assert set(texts) == {"rim brakes", "rubber pads", "wheel"}


def test_a_phrase_is_no_longer_than_asked():
    texts = asked(
        "red rubber brake pads wear", templates=("{span}",), at_most_words=2, per_document=20
    )
    assert set(texts) == {"red rubber", "brake pads", "wear"}


def test_the_rest_is_what_follows_up_to_the_punctuation():
    texts = asked(
        "Rubber pads press on the wheel, then stop.", templates=("why {span} {rest}",), pool=1
    )
    assert texts == ["why rubber pads press on the wheel"]


def test_capitals_stay_where_a_word_has_several():
    assert asked("NASA Rockets", templates=("{span}",)) == ["NASA rockets"]


def test_a_shape_whose_field_is_empty_is_not_used():
    assert asked("milk", templates=("{span} {other}", "{span} {rest}")) == []
    assert asked("milk", templates=("{span} {other}", "what is {span}")) == ["what is milk"]


@pytest.mark.parametrize(
    ("text", "first_words"),
    [
        (
            "Die Kette ist trocken und das Fahrrad quietscht nicht mehr so laut.",
            {"was", "wie", "warum", "welche"},
        ),
        (
            "La cadena está seca y la bicicleta hace mucho ruido en la calle.",
            {"qué", "cómo", "por"},
        ),
    ],
)
def test_questions_are_in_the_language_of_the_document(text, first_words):
    texts = asked(text, per_document=8)
    assert {t.split()[0] for t in texts} <= first_words
    assert texts


def test_a_language_without_shapes_gives_phrases():
    text = "Ketten quietschen laut"
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": text}])
    assert "xx" not in QUESTIONS
    part = SpanQuestions(templates=("{span}",))
    assert set(words(part(corpus, Context())["text"][0])) <= set(words(text))


def test_every_document_of_the_toys_is_asked_about_in_its_own_words():
    queries = SpanQuestions(templates=("{span} {rest}", "{span}"))(toys.CORPUS, Context())
    contents = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
    assert len(queries) == 12
    for row in queries.dicts():
        assert set(words(row["text"])) <= set(words(contents[row["source_doc_id"]]))


def test_several_shapes_are_used():
    queries = SpanQuestions(per_document=4)(toys.CORPUS, Context())
    assert len({text.split()[0] for text in queries["text"]}) >= 3


def test_languages_are_told_apart_and_a_large_majority_decides():
    english, german = "The chain is dry and it squeaks.", "Die Kette ist trocken und quietscht."
    assert (detect(english), detect(german)) == ("en", "de")
    assert Languages([english] * 30 + [german]).only == "en"
    mixed = Languages([english, german] * 5)
    assert (mixed.of(english), mixed.of(german)) == ("en", "de")


def test_function_words_are_known_for_languages_with_a_list():
    assert "the" in function_words("en")
    assert "und" in function_words("de")
    assert function_words("xx") == frozenset()


def test_every_shape_has_a_phrase_and_known_fields_only():
    for shapes in QUESTIONS.values():
        for shape in shapes:
            assert "{span}" in shape
            assert shape.format(span="a", rest="b", other="c")
