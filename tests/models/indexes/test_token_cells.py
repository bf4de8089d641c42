"""Documents are estimated by the centres of the cells their tokens lie in."""

import numpy as np

from acclimate.models.indexes.token_cells import TokenCells, build

CENTRES = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
CELLS = TokenCells(CENTRES, np.array([0, 2, 4, 5]), np.array([0, 1, 1, 2, 3]), 4)
# Documents 0 and 1 have tokens to the right, 1 and 2 above, 3 to the left.


def test_a_token_counts_as_the_centre_of_its_cell():
    query = np.array([[0.8, 0.6]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 3), [0.8, 0.8, 0.6, -0.8])


def test_what_is_in_none_of_the_cells_looked_into_lies_at_their_edge():
    query = np.array([[0.8, 0.6]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 2), [0.8, 0.8, 0.6, 0.6])
    assert np.allclose(CELLS.estimates(query, 1), [0.8] * 4)


def test_an_estimate_is_a_mean_over_the_tokens_of_the_query():
    query = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert np.allclose(CELLS.estimates(query, 3), [0.5, 1, 0.5, -0.5])
    assert CELLS.estimates(query[:0], 3).tolist() == [0] * 4


def test_every_document_is_in_the_cells_of_its_tokens():
    rng = np.random.default_rng(0)
    drawn = [rng.normal(size=(length, 4)).astype(np.float32) for length in (3, 0, 5, 1)]
    rows = [vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for vectors in drawn]
    made = build(rows, 3, None)
    cells = TokenCells.found(made, len(rows))
    for row, vectors in enumerate(rows):
        there = {c for c in range(3) if row in cells.documents[cells.ends[c] : cells.ends[c + 1]]}
        assert there == set(np.argmax(vectors @ cells.centres.T, axis=1).tolist())
    again = build(rows, 3, None)
    assert all(np.array_equal(made[name], again[name]) for name in made)
