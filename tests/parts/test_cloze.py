"""Cloze: a document read without the sentence cut out of it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from acclimate.parts._cloze import cropped, is_hidden, readings, remaining, reread
from acclimate.parts._words import clean
from acclimate.tables import Labels, Queries
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


def test_a_run_of_words_goes_whatever_the_space_between_them():
    text = "Warm the milk.\n\nStir it.  Wait\n  a while."
    assert remaining("", text, "milk. Stir it. Wait") == ("", "Warm the\na while.")


def test_an_empty_query_removes_nothing():
    assert remaining("a", "Stir it.", " ") == ("a", "Stir it.")


def test_of_several_lines_the_last_that_is_there_goes():
    text = "Warm the milk. Wait. Stir it."
    assert remaining("", text, "Stir it\nFind the steps.") == ("", "Warm the milk. Wait.")
    assert remaining("", text, "Warm the milk\nStir it") == ("", "Warm the milk. Wait.")
    assert remaining("", text, "Hello.\nThank you.") == ("", text)


def test_a_crop_has_its_share_of_the_first_words():
    """[098]: length = int(n·u), at least one word."""
    text = " ".join(str(n) for n in range(20))
    rng = np.random.default_rng(0)
    for _ in range(50):
        crop = cropped(text, rng, shortest=0.2, longest=0.4, within_words=10).split()
        assert 2 <= len(crop) <= 4
        assert crop == [str(n) for n in range(int(crop[0]), int(crop[0]) + len(crop))]
        assert int(crop[-1]) < 10
    assert len(cropped("one two", rng).split()) == 1
    assert cropped("...", rng) == ""


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


def test_pairs_of_readings_go_there_and_back():
    queries = Queries.of(
        {"query_id": n, "text": "Bees visit flowers to gather nectar", "kind": "inverse_cloze",
         "source_doc_id": "bees", "split": split}
        for n, split in (("a", "train"), ("b", "train"), ("held", "heldout"))
    )  # fmt: skip
    labels = Labels.of(
        {"query_id": q, "doc_id": d, "value": 1.0, "teacher": "t"}
        for q in ("a", "b", "held") for d in ("bees", "moon")
    )  # fmt: skip
    read = reread(toys.CORPUS, queries)
    assert len(read) == 2
    there = read.of(labels)
    assert there["doc_id"][1::2] == ["moon"] * 3
    assert len(set(there["doc_id"][::2])) == 3  # one of each query, and the document itself
    assert there["doc_id"][4] == read.queries["source_doc_id"][2] == "bees"
    assert read.corpus["parent_id"][-2:] == ["bees", "bees"]
    assert read.back(there).digest == labels.digest


def test_kinds_say_whether_the_document_hides_the_query():
    assert is_hidden("title_cloze")
    assert not is_hidden("title")
    assert not is_hidden(None)
