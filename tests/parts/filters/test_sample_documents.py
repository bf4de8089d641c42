"""SampleDocuments: a corpus small enough to learn from."""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.filters import SampleDocuments
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def drawn(at_most, corpus=toys.CORPUS, seed=0):
    return SampleDocuments(at_most=at_most)(corpus, Context(seed=seed))["doc_id"]


def test_so_many_documents_stay_in_their_order():
    some = drawn(5)
    assert len(some) == 5
    assert some == [d for d in toys.CORPUS["doc_id"] if d in some]


def test_a_larger_sample_holds_the_smaller():
    assert set(drawn(4)) < set(drawn(8)) < set(drawn(12))


def test_a_smaller_corpus_stays_whole_and_an_empty_one_empty():
    assert drawn(100) == toys.CORPUS["doc_id"]
    assert drawn(5, Corpus.empty()) == []


def test_every_document_is_drawn_about_as_often():
    counts = [sum(doc in drawn(6, seed=s) for s in range(200)) for doc in toys.CORPUS["doc_id"]]
    assert all(70 < count < 130 for count in counts)  # 100 ± 7


def test_drawing_nothing_is_refused():
    with pytest.raises(RecipeError, match="1 or more"):
        SampleDocuments(at_most=0)
