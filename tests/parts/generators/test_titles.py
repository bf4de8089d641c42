"""Titles: what the author called a document."""

from acclimate.parts._cloze import readings
from acclimate.parts.generators import Titles
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def corpus_of(*titles):
    return Corpus.of(
        {"doc_id": str(i), "title": t, "text": "Some text."} for i, t in enumerate(titles)
    )


def test_the_document_is_read_without_its_title():
    queries = Titles()(toys.CORPUS, Context())
    assert queries["text"] == [
        "Growing tomatoes",
        "Bicycle brakes",
        "Bicycle chain",
        "Mending a puncture",
        "Sourdough bread",
        "Boiled rice",
        "The moon",
    ]
    assert readings(toys.CORPUS, queries)[queries["query_id"][0]].startswith("Tomatoes need six")


def test_a_title_that_is_not_hidden_is_of_another_kind():
    assert set(Titles(mask_rate=0)(toys.CORPUS, Context())["kind"]) == {"title"}


def test_titles_of_many_documents_and_empty_ones_are_left_out():
    corpus = corpus_of(*["The introduction"] * 4, *["Two of us"] * 2, "", "One")
    assert Titles()(corpus, Context())["text"] == ["Two of us"] * 2


def test_a_document_without_text_keeps_its_title():
    corpus = Corpus.of([{"doc_id": "a", "title": "Only a title", "text": " "}])
    assert Titles()(corpus, Context())["kind"] == ["title"]


def test_words_may_be_dropped():
    part = Titles(word_dropout=0.9, at_least_words=3)
    assert [len(t.split()) for t in part(corpus_of("One two three four"), Context())["text"]] == [2]
