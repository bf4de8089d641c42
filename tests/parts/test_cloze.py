"""Cloze: a document read without the sentence cut out of it."""

from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._cloze import is_hidden, readings, remaining
from acclimate.parts._words import clean
from acclimate.tables import Queries
from acclimate.testing import toys

NUMBERS = ["one", "two", "three", "four", "five"]


@given(st.integers(min_value=0, max_value=4))
def test_the_rest_keeps_its_order(place):
    sentences = [f"Sentence {n} is here." for n in NUMBERS]
    _, rest = remaining("", " ".join(sentences), clean(sentences[place]))
    assert rest.split() == " ".join(s for i, s in enumerate(sentences) if i != place).split()


def test_a_title_that_is_the_query_goes_and_the_text_stays():
    assert remaining("Warm milk", "It is warm.", "Warm milk") == ("", "It is warm.")


def test_a_sentence_that_stands_twice_goes_once():
    assert remaining("", "Stir it. Stir it. Eat.", "Stir it") == ("", "Stir it. Eat.")


def test_what_is_not_there_removes_nothing():
    assert remaining("a", "Stir it.", "Stir that") == ("a", "Stir it.")


def test_readings_are_of_cloze_queries_only():
    queries = Queries.of(
        {
            "query_id": kind,
            "text": "Bees visit flowers to gather nectar",
            "kind": kind,
            "source_doc_id": "bees",
            "split": "train",
        }
        for kind in ("inverse_cloze", "sentence")
    )
    assert readings(toys.CORPUS, queries) == {
        "inverse_cloze": "Bees They turn the nectar into honey and keep it in wax cells for the "
        "winter.",
    }


def test_kinds_say_whether_the_document_hides_the_query():
    assert is_hidden("title_cloze")
    assert not is_hidden("title")
    assert not is_hidden(None)
