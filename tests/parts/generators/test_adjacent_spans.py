"""AdjacentSpans: a beginning and what follows it. [029]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import is_hidden, remaining
from acclimate.parts.generators import AdjacentSpans
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import behaviour, toys

TEXT = "The chain squeaks. It is dry.\nWipe it first. Then put oil on it, a drop on each link."
ONE = Corpus.of([{"doc_id": "chain", "title": "", "text": TEXT}])


def test_the_query_is_the_beginning_and_the_document_the_rest() -> None:
    """[029]: the earlier part of a session asks for the later part."""
    queries = AdjacentSpans(at_least_words=6, at_most_words=8, rest_words=4)(ONE, Context())
    (query,) = queries["text"]
    assert query == "The chain squeaks. It is dry."
    assert is_hidden(queries["kind"][0])
    rest = "Wipe it first. Then put oil on it, a drop on each link."
    assert remaining("", TEXT, query) == ("", rest)


def test_nothing_is_lost_and_nothing_said_twice() -> None:
    corpus = toys.CORPUS
    texts = dict(zip(corpus["doc_id"], corpus["text"], strict=True))
    queries = AdjacentSpans(at_least_words=1, rest_words=1)(corpus, Context())
    assert queries["source_doc_id"] == corpus["doc_id"]
    for text, source in zip(queries["text"], queries["source_doc_id"], strict=True):
        assert f"{text} {remaining('', texts[source], text)[1]}" == texts[source]


def test_every_cut_that_fits_is_drawn() -> None:
    many = Corpus.of({**ONE.dicts()[0], "doc_id": f"d{n}"} for n in range(60))
    texts = set(AdjacentSpans(at_least_words=1, rest_words=1)(many, Context())["text"])
    assert texts == {
        "The chain squeaks.",
        "The chain squeaks. It is dry.",
        "The chain squeaks. It is dry. Wipe it first.",
    }


def test_a_document_of_one_sentence_has_no_beginning() -> None:
    one = Corpus.of([{"doc_id": "d", "title": "", "text": "only one sentence " * 10}])
    assert len(AdjacentSpans(at_least_words=1, rest_words=1)(one, Context())) == 0


def test_both_sides_are_long_enough() -> None:
    assert len(AdjacentSpans(at_least_words=10, rest_words=12)(ONE, Context())) == 0


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(RecipeError, match="no smaller"):
        AdjacentSpans(at_least_words=9, at_most_words=8)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(AdjacentSpans(at_least_words=4, rest_words=4), folder="generators")
