"""LexicalDense: words find, and their score is multiplied with the cosine. [035]"""

import numpy as np
import pytest

from acclimate.models.indexes import BM25, LexicalDense
from acclimate.models.indexes.lexical_dense import multiplied
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex

DOCUMENTS = ["warm milk", "cold milk", "warm cold milk and bread", "bread", "milk"]
INDEX = LexicalDense(FakeEncoder(), first=FakeIndex())


def test_the_product_of_laprador() -> None:
    """[035]: dense (0.8, 0.5, 0.9), BM25 (5, 12, absent): (4, 6, 0): the second goes first."""
    scores = multiplied(np.float32([5, 12, 0]), np.float32([0.8, 0.5, 0.9]))
    assert scores.tolist() == pytest.approx([4.0, 6.0, 0.0])


def test_words_are_multiplied_with_vectors() -> None:
    """Words shared with "cold milk": 1, 2, 2, 0, 1."""
    engine, encoder = FakeEngine(), FakeEncoder()
    query = engine.encode(encoder, ["cold milk"], kind="query")[0]
    cosines = engine.encode(encoder, DOCUMENTS, kind="document") @ query
    expected = np.float32([1, 2, 2, 0, 1]) * cosines
    among = np.arange(5)[None]
    hits = engine.search(INDEX, DOCUMENTS, ["cold milk"], among=among)
    assert hits.scores[0].tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    found = engine.search(INDEX, DOCUMENTS, ["cold milk"], depth=3)
    best = np.argsort(-expected, kind="stable")[:3]
    assert found.positions[0].tolist() == best.tolist()
    assert found.scores[0].tolist() == pytest.approx(expected[best].tolist(), abs=1e-6)


def test_what_words_do_not_find_scores_zero() -> None:
    few = LexicalDense(FakeEncoder(), first=FakeIndex(), depth=2)
    hits = FakeEngine().search(few, DOCUMENTS, ["cold milk"], among=np.array([[1, 2, 0, -1]]))
    assert (hits.scores[0, :2] > 0).all()
    assert hits.scores[0, 2:].tolist() == [0, -np.inf]
    found = FakeEngine().search(few, DOCUMENTS, ["cold milk"], depth=4)
    assert sorted(found.positions[0].tolist()) == [-1, -1, 1, 2]
    assert found.scores[0, 2:].tolist() == [-np.inf] * 2


def test_a_query_for_which_nothing_is_found_gets_nothing() -> None:
    index = LexicalDense(FakeEncoder(), first=BM25())
    hits = FakeEngine().search(index, DOCUMENTS, ["sun"], depth=2)
    assert hits.positions.tolist() == [[-1, -1]]
    assert (hits.scores == -np.inf).all()


def test_the_fingerprint_is_of_both_and_of_the_depth() -> None:
    indexes = (
        INDEX,
        LexicalDense(FakeEncoder(salt="x"), first=FakeIndex()),
        LexicalDense(FakeEncoder()),
        LexicalDense(FakeEncoder(), first=FakeIndex(), depth=7),
    )
    assert len({index.fingerprint() for index in indexes}) == 4
