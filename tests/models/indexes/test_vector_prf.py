"""VectorPRF: queries move towards what they found. [111]"""

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.indexes import Flat, Interpolated, VectorPRF
from acclimate.models.scorers import CrossEncoder
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex

DOCUMENTS = ["warm milk", "cold milk", "warm bread", "sun", "moon and sun"]
ENCODER = FakeEncoder()


def searched(index, depth=5):
    return FakeEngine().search(index, DOCUMENTS, ["milk", "sun"], depth=depth)


def vectors(texts, kind):
    return FakeEngine().encode(ENCODER, texts, kind=kind)


@pytest.mark.parametrize(
    ("mode", "expected"), [("average", [2 / 3, 2 / 3]), ("rocchio", [0.7, 0.6])]
)
def test_a_query_moves(mode, expected) -> None:
    """[111]: q = (1, 0), documents (0, 1) and (1, 1): (⅔, ⅔); Rocchio of .4 and .6: (.7, .6)."""
    moved = VectorPRF(mode=mode).moved(np.float32([1, 0]), np.float32([[0, 1], [1, 1]]))
    assert moved.tolist() == pytest.approx(expected)


def test_without_feedback_it_is_plain_search() -> None:
    """[111]: k = 0 equals no PRF."""
    plain, none = searched(Flat(ENCODER)), searched(VectorPRF(ENCODER, documents=0))
    assert (plain.positions == none.positions).all()
    assert plain.scores == pytest.approx(none.scores)
    nothing = np.zeros((0, 3), dtype=np.float32)
    assert VectorPRF().moved(np.float32([1, 0, 0]), nothing).tolist() == [1, 0, 0]


@pytest.mark.parametrize("first", [None, FakeIndex()], ids=["own", "words"])
def test_the_first_documents_of_any_index_are_fed_back(first) -> None:
    found = searched(Flat(ENCODER) if first is None else first, depth=2).positions
    documents = vectors(DOCUMENTS, "document")
    assert (found >= 0).all()
    asked = vectors(["milk", "sun"], "query")
    wanted = [(q + documents[rows].sum(axis=0)) / 3 for q, rows in zip(asked, found, strict=True)]
    hits = FakeEngine().search(
        VectorPRF(ENCODER, first, documents=2), DOCUMENTS, ["milk", "sun"],
        among=np.tile(np.arange(5), (2, 1)),
    )  # fmt: skip
    for row, vector in enumerate(wanted):
        assert hits.scores[row] == pytest.approx(documents @ vector, abs=1e-6)


def test_words_may_be_added_before_and_after() -> None:
    before = VectorPRF(ENCODER, Interpolated(Flat(ENCODER), FakeIndex()), documents=1)
    after = Interpolated(VectorPRF(ENCODER, documents=1), FakeIndex())
    both = Interpolated(before, FakeIndex())
    indexes = (VectorPRF(ENCODER, documents=1), before, after, both)
    assert len({index.fingerprint() for index in indexes}) == 4
    assert all(searched(index).positions.shape == (2, 5) for index in indexes)


def test_no_query_is_no_fault() -> None:
    hits = FakeEngine().search(VectorPRF(ENCODER), DOCUMENTS, [], depth=2)
    assert hits.positions.shape == (0, 2)


def test_what_cannot_move_is_refused() -> None:
    with pytest.raises(ModelError, match="0 or more"):
        VectorPRF(documents=-1)
    with pytest.raises(ModelError, match="no single vector"):
        VectorPRF(CrossEncoder("reads pairs")).build(DOCUMENTS, FakeEngine())


def test_the_fingerprint_is_of_all_settings() -> None:
    others = (
        VectorPRF(FakeEncoder(salt="x")), VectorPRF(ENCODER), VectorPRF(ENCODER, FakeIndex()),
        VectorPRF(ENCODER, documents=2), VectorPRF(ENCODER, mode="rocchio"),
        VectorPRF(ENCODER, alpha=1), VectorPRF(ENCODER, beta=1),
    )  # fmt: skip
    assert len({index.fingerprint() for index in others}) == len(others)
