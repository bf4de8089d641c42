"""Documents are estimated by their tokens in the cells nearest to a query's."""

import numpy as np

from acclimate.models.indexes.residuals import Bytes
from acclimate.models.indexes.token_cells import TokenCells, build

CENTRES = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
MOVED = np.array([[0, 0], [-0.4, 0.8], [0, 0], [0.6, -0.2], [0, 0]], dtype=np.float32)
CELLS = TokenCells(
    CENTRES, np.array([0, 2, 4, 5]), np.array([0, 1, 1, 2, 3]), Bytes().packed(MOVED), Bytes(), 4
)
# To the right (1, 0) of document 0 and (.6, .8) of 1; above (0, 1) of 1 and (.6, .8) of 2;
# to the left (−1, 0) of 3.


def test_tokens_in_the_nearest_cells_are_compared_themselves():
    """(.8, .6): with (1, 0) .8; with (.6, .8) .96, more than with (0, 1); with (−1, 0) −.8."""
    query = np.array([[0.8, 0.6]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 3), [0.8, 0.96, 0.96, -0.8], atol=0.01)


def test_what_is_in_none_of_the_cells_looked_into_lies_where_the_last_of_them_does():
    query = np.array([[0.8, 0.6]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 2), [0.8, 0.96, 0.96, 0.6], atol=0.01)
    assert np.allclose(CELLS.estimates(query, 1), [0.8, 0.96, 0.8, 0.8], atol=0.01)


def test_an_estimate_is_a_mean_over_the_tokens_of_the_query():
    query = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 3), [0.5, 0.8, 0.7, -0.5], atol=0.01)
    assert CELLS.estimates(query[:0], 3).tolist() == [0] * 4


def test_every_token_is_in_the_cell_it_is_nearest_to():
    rng = np.random.default_rng(0)
    drawn = [rng.normal(size=(length, 4)).astype(np.float32) for length in (3, 0, 5, 1)]
    rows = [vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for vectors in drawn]
    made = build(rows, 3, None)
    cells = TokenCells.found(made, len(rows))
    for row, vectors in enumerate(rows):
        nearest = np.argmax(vectors @ cells.centres.T, axis=1)
        counted = [
            np.sum(cells.documents[cells.ends[cell] : cells.ends[cell + 1]] == row)
            for cell in range(3)
        ]
        assert counted == np.bincount(nearest, minlength=3).tolist()
    again = build(rows, 3, None)
    assert all(np.array_equal(made[name], again[name]) for name in made)


def test_with_all_cells_looked_into_an_estimate_is_the_score_but_for_its_bytes():
    rng = np.random.default_rng(1)
    drawn = [rng.normal(size=(length, 8)).astype(np.float32) for length in (3, 2, 5, 1, 4)]
    query, *rows = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in drawn]
    cells = TokenCells.found(build(rows, 3, None), len(rows))
    scores = [(query @ vectors.T).max(axis=1).mean() for vectors in rows]
    assert np.allclose(cells.estimates(query, 3), scores, atol=0.01)
