"""MaxSim by hand."""

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import late_interaction
from acclimate.models.indexes.late_interaction import LateInteraction

VECTORS = {
    "up": [[0, 1]],
    "right": [[1, 0]],
    "both": [[1, 0], [0, 1]],
    "slant": [[0.6, 0.8]],
    "nothing": np.zeros((0, 2)),
}
DOCUMENTS = ["up", "both", "slant", "nothing"]
QUERIES = ["both", "nothing", "right"]
# both: (right, up) finds up at (0 + 1)/2, both at 1, slant at (.6 + .8)/2.
EXPECTED = [[0.5, 1, 0.7, -1], [0, 0, 0, -1], [0, 1, 0.6, -1]]


@pytest.fixture(params=["all documents", "those asked for"])
def engine(table, monkeypatch, request):
    if request.param == "those asked for":
        monkeypatch.setattr(late_interaction, "WHOLE_CHARACTERS", 0)
    return table(VECTORS)


def test_a_score_is_the_mean_of_each_query_tokens_best_match(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    hits = index.rate(QUERIES, np.tile(np.arange(4), (3, 1)))
    assert np.allclose(hits.scores, EXPECTED)


def test_the_value_of_late_interaction_models(table):
    """[036], [086]: Q = I, D = (.6, .8), (1, 0): 1 + .8 = 1.8 over two tokens of the query."""
    engine = table({"query": np.eye(2), "document": [[0.6, 0.8], [1, 0]]})
    index = LateInteraction(Dense()).build(["document"], engine)
    hits = index.rate(["query"], np.array([[0]]))
    assert 2 * hits.scores.item() == pytest.approx(1.8)


def test_cells_in_any_order_and_without_a_document_are_rated(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    among = np.array([[2, -1, 1], [0, 0, 3], [-1, -1, 2]])
    hits = index.rate(QUERIES, among)
    assert np.allclose(hits.scores, [[0.7, -np.inf, 1], [0, 0, -1], [-np.inf, -np.inf, 0.6]])
    assert hits.positions.tolist() == among.tolist()


def test_nothing_asked_gives_nothing(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    assert np.isneginf(index.rate(["up"], np.array([[-1, -1]])).scores).all()


@pytest.mark.parametrize("block", [1, 3, 100])
def test_search_ranks_all_documents_with_ties_by_row(engine, monkeypatch, block):
    monkeypatch.setattr(late_interaction, "BLOCK", block)
    hits = LateInteraction(Dense()).build(DOCUMENTS, engine).search(QUERIES, 3)
    assert hits.positions.tolist() == [[1, 2, 0], [0, 1, 2], [1, 2, 0]]
    assert np.allclose(hits.scores, [[1, 0.7, 0.5], [0, 0, 0], [1, 0.6, 0]])


def test_in_large_collections_only_documents_asked_for_are_encoded(table, monkeypatch):
    monkeypatch.setattr(late_interaction, "WHOLE_CHARACTERS", 0)
    engine = table(VECTORS)
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    index.rate(["right"], np.array([[2, 2]]))
    assert sorted(engine.encoded) == ["right", "slant"]


def test_the_fingerprint_is_not_that_of_another_index():
    from acclimate.models.indexes import Flat

    assert LateInteraction().fingerprint() != Flat().fingerprint()
