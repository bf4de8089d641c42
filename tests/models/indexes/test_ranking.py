"""The best of many scores, with ties by row number, however the documents are cut into blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from acclimate.models.indexes.ranking import Ranking, best, rated

SCORES = st.lists(st.integers(0, 4), min_size=1, max_size=40)


@given(SCORES, st.integers(1, 12), st.integers(1, 7))
def test_any_blocks_give_the_order_of_a_stable_sort(scores, depth, block):
    scores = np.array([scores], dtype=np.float32)
    ranking = Ranking(1, depth)
    for first in range(0, scores.shape[1], block):
        ranking.add(scores[:, first : first + block], first)
    expected = np.argsort(-scores[0], kind="stable")[:depth]
    found = ranking.hits.positions[0]
    assert found[: len(expected)].tolist() == expected.tolist()
    assert (found[len(expected) :] == -1).all()
    assert np.isneginf(ranking.hits.scores[0, len(expected) :]).all()


@given(SCORES, st.integers(1, 12))
def test_best_is_a_stable_sort_cut_at_depth(scores, depth):
    scores = np.array(scores, dtype=np.float32)
    rows, values = best(np.arange(len(scores)), scores, depth)
    expected = np.argsort(-scores, kind="stable")[:depth]
    assert rows.tolist() == expected.tolist()
    assert values.tolist() == scores[expected].tolist()


def test_a_tie_with_the_last_place_goes_to_the_lower_row():
    rows, _ = best(np.array([7, 3, 5, 1]), np.array([1, 1, 2, 1], dtype=np.float32), 2)
    assert rows.tolist() == [5, 1]


def test_cells_without_a_document_are_rated_as_nothing():
    hits = rated(np.array([[4, -1], [-1, 2]]), [np.array([0.5, 0.9]), np.array([0.1, 0.7])])
    assert hits.positions.tolist() == [[4, -1], [-1, 2]]
    assert np.allclose(hits.scores, [[0.5, -np.inf], [-np.inf, 0.7]])
