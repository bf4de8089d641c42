"""Cells find almost everything, the same each time."""

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import Approximate, Flat


class Vectors:
    """Random unit vectors by row number."""

    def __init__(self, count):
        drawn = np.random.default_rng(0).normal(size=(count, 8)).astype(np.float32)
        self.vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def encode(self, encoder, texts, *, kind):
        return self.vectors[[int(text) for text in texts]]


DOCUMENTS = [str(row) for row in range(2000)]
QUERIES = DOCUMENTS[:100]


@pytest.fixture(scope="module")
def engine():
    return Vectors(2000)


def test_most_of_the_true_neighbours_are_found_with_their_exact_scores(engine):
    exact = Flat(Dense()).build(DOCUMENTS, engine).search(QUERIES, 10)
    near = Approximate(Dense(), probes=16, cells=64).build(DOCUMENTS, engine).search(QUERIES, 10)
    shared = [
        len(set(a) & set(b)) / 10
        for a, b in zip(exact.positions.tolist(), near.positions.tolist(), strict=True)
    ]
    assert np.mean(shared) > 0.9
    assert near.positions[:, 0].tolist() == list(range(100))
    assert np.allclose(near.scores[:, 0], exact.scores[:, 0], atol=1e-6)
    assert (np.diff(near.scores, axis=1) <= 0).all()


def test_fewer_probes_find_less(engine):
    exact = Flat(Dense()).build(DOCUMENTS, engine).search(QUERIES, 10).positions
    few, many = (
        np.mean(
            [
                np.isin(a, b).mean()
                for a, b in zip(
                    exact,
                    Approximate(Dense(), probes=probes, cells=64)
                    .build(DOCUMENTS, engine)
                    .search(QUERIES, 10)
                    .positions,
                    strict=True,
                )
            ]
        )
        for probes in (1, 32)
    )
    assert few < many


def test_building_twice_gives_the_same_hits(engine):
    one, two = (
        Approximate(Dense(), probes=2, cells=32).build(DOCUMENTS, engine).search(QUERIES, 5)
        for _ in range(2)
    )
    assert np.array_equal(one.positions, two.positions)
    assert np.array_equal(one.scores, two.scores)


def test_small_collections_are_searched_exactly(engine):
    exact = Flat(Dense()).build(DOCUMENTS, engine).search(QUERIES, 10)
    near = Approximate(Dense(), probes=1).build(DOCUMENTS, engine).search(QUERIES, 10)
    assert np.array_equal(near.positions, exact.positions)


def test_cells_that_hold_too_little_leave_empty_places(engine):
    hits = Approximate(Dense(), probes=1, cells=500).build(DOCUMENTS, engine).search(["0"], 50)
    assert (hits.positions == -1).any()
    assert np.isneginf(hits.scores[hits.positions == -1]).all()


@pytest.mark.parametrize("setting", [{"probes": 0}, {"cells": 0}])
def test_settings_that_find_nothing_are_refused(setting):
    with pytest.raises(ModelError, match="at least 1"):
        Approximate(Dense(), **setting)
