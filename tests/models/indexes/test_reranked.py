"""Reranked: another index finds, a scorer puts the first of it in order, the rest follows."""

import numpy as np

from acclimate.models.indexes import BM25, Reranked
from acclimate.testing.fakes import FakeEngine, FakeIndex, FakeScorer

DOCUMENTS = ["warm milk", "cold milk", "warm cold milk", "bread", "milk"]


def test_what_is_read_is_put_in_order_and_the_rest_follows_in_its_own() -> None:
    """Words shared with "cold milk": 1, 2, 2, 0, 1. The scorer, of weight −1, turns three round."""
    first = FakeEngine().search(FakeIndex(), DOCUMENTS, ["cold milk"], depth=5)
    assert first.positions.tolist() == [[1, 2, 0, 4, 3]]
    index = Reranked(FakeScorer(weight=-1.0), first=FakeIndex(), depth=3)
    hits = FakeEngine().search(index, DOCUMENTS, ["cold milk"], depth=5)
    assert hits.positions.tolist() == [[0, 1, 2, 4, 3]]
    assert hits.scores.tolist() == [[-1, -2, -2, -3, -4]]


def test_only_what_is_found_first_is_read() -> None:
    engine = FakeEngine()
    engine.search(Reranked(FakeScorer(), first=FakeIndex(), depth=2), DOCUMENTS, ["milk"], depth=5)
    assert engine.calls["score"] == 2


def test_fewer_results_than_are_read_are_the_best_of_them() -> None:
    index = Reranked(FakeScorer(weight=-1.0), first=FakeIndex(), depth=5)
    hits = FakeEngine().search(index, DOCUMENTS, ["cold milk"], depth=1)
    assert hits.positions.tolist() == [[3]]


def test_a_query_for_which_nothing_is_found_gets_nothing() -> None:
    hits = FakeEngine().search(Reranked(FakeScorer(), first=BM25()), DOCUMENTS, ["sun"], depth=2)
    assert hits.positions.tolist() == [[-1, -1]]
    assert (hits.scores == -np.inf).all()


def test_given_documents_are_all_read() -> None:
    among = np.array([[3, 2, -1]])
    hits = FakeEngine().search(Reranked(FakeScorer()), DOCUMENTS, ["cold milk"], among=among)
    assert hits.scores.tolist() == [[0, 2, -np.inf]]


def test_the_fingerprint_is_of_both_and_of_the_depth() -> None:
    indexes = (
        Reranked(FakeScorer()),
        Reranked(FakeScorer(weight=2.0)),
        Reranked(FakeScorer(), first=FakeIndex()),
        Reranked(FakeScorer(), depth=10),
    )
    assert len({index.fingerprint() for index in indexes}) == 4
