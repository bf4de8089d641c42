"""Exact search by dot product."""

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import flat
from acclimate.models.indexes.flat import Flat

DOCUMENTS = ["a", "b", "c", "d"]


@pytest.fixture
def index(table):
    vectors = {
        "a": [[1, 0]],
        "b": [[0, 1]],
        "c": [[0.6, 0.8]],
        "d": [[0, 1]],
        "up": [[0, 2]],
        "right": [[1, 0]],
    }
    return Flat(Dense()).build(DOCUMENTS, table(vectors))


@pytest.mark.parametrize("block", [1, 3, 100])
def test_the_largest_dot_products_come_first_and_ties_by_row(index, monkeypatch, block):
    monkeypatch.setattr(flat, "BLOCK", block)
    monkeypatch.setattr(flat, "QUERIES", 1)
    hits = index.search(["up", "right"], 3)
    # up: b and d are at 2, c at 1.6; right: a at 1, c at .6, b and d at 0.
    assert hits.positions.tolist() == [[1, 3, 2], [0, 2, 1]]
    assert np.allclose(hits.scores, [[2, 2, 1.6], [1, 0.6, 0]])


def test_given_documents_are_rated_in_their_order(index):
    hits = index.rate(["up", "right"], np.array([[2, 0], [-1, 2]]))
    assert np.allclose(hits.scores, [[1.6, 0], [-np.inf, 0.6]])


def test_more_results_than_documents_are_empty_places(index):
    assert index.search(["up"], 6).positions.tolist() == [[1, 3, 2, 0, -1, -1]]


def test_no_queries_and_no_documents_give_no_hits(table, index):
    assert index.search([], 3).positions.shape == (0, 3)
    empty = Flat(Dense()).build([], table({"up": [[0, 2]]}))
    assert empty.search(["up"], 2).positions.tolist() == [[-1, -1]]


def test_the_fingerprint_is_that_of_the_encoder():
    assert Flat(Dense()).fingerprint() == Flat().fingerprint()
    assert Flat(Dense(max_length=9)).fingerprint() != Flat().fingerprint()
