"""Inverted: the dot product of sparse vectors, over the postings of a query's words. [057]"""

import numpy as np
from numpy.testing import assert_allclose

from acclimate.models.indexes import Inverted
from acclimate.testing.fakes import FakeEncoder, FakeEngine, words


class Counts(FakeEncoder):
    """Weights of words: how often a text has each of six."""

    VOCABULARY = ("milk", "warm", "cold", "jar", "bread", "sun")

    def encode(self, texts, *, kind):  # type: ignore[no-untyped-def]
        """(N, 6) float32."""
        del kind
        lines = [[words(text).count(word) for word in self.VOCABULARY] for text in texts]
        return np.array(lines, dtype=np.float32).reshape(len(texts), 6)


DOCUMENTS = ["warm milk", "cold milk, cold jar", "bread", "warm warm jar", ""]


def test_a_score_is_the_sum_over_shared_words_of_the_product_of_weights() -> None:
    """Warm milk: 1 + 1 · 1 = 2; warm warm jar: 2; cold milk: 1; the others share no word."""
    hits = FakeEngine().search(Inverted(Counts()), DOCUMENTS, ["warm milk"], depth=4)
    assert hits.positions.tolist() == [[0, 3, 1, -1]]
    assert hits.scores[0, :3].tolist() == [2, 2, 1]


def test_given_documents_are_rated_and_an_empty_place_is_not() -> None:
    among = np.array([[1, 2, -1], [4, 0, 3]])
    hits = FakeEngine().search(Inverted(Counts()), DOCUMENTS, ["cold", "jar warm"], among=among)
    assert_allclose(hits.scores, [[2, 0, -np.inf], [0, 1, 3]])


def test_more_queries_than_are_searched_at_once_are_all_answered(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    asked = ["warm milk", "bread", "sun", "jar", "cold"]
    whole = FakeEngine().search(Inverted(Counts()), DOCUMENTS, asked, depth=2)
    monkeypatch.setattr("acclimate.models.indexes.inverted.QUERIES", 2)
    cut = FakeEngine().search(Inverted(Counts()), DOCUMENTS, asked, depth=2)
    assert np.array_equal(cut.positions, whole.positions)
    assert np.array_equal(cut.scores, whole.scores)


def test_no_document_and_no_query_are_nothing() -> None:
    engine = FakeEngine()
    assert engine.search(Inverted(Counts()), DOCUMENTS, [], depth=3).positions.shape == (0, 3)
    assert (engine.search(Inverted(Counts()), [], ["milk"], depth=3).positions == -1).all()


def test_the_fingerprint_is_of_the_encoder() -> None:
    one, same, other = (Inverted(Counts(salt=salt)).fingerprint() for salt in ("a", "a", "b"))
    assert one == same != other
