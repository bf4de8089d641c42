"""Interpolated: words and vectors with a weight each. [041]"""

from dataclasses import dataclass

import numpy as np
import pytest

from acclimate.models.indexes import BM25, Flat, Interpolated
from acclimate.models.ref import Hits
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeIndex

DOCUMENTS = ["a", "b", "c", "d"]


@dataclass(frozen=True)
class Told:
    """Finds what it is told to, for every query."""

    scores: tuple[tuple[int, float], ...]

    def fingerprint(self) -> str:
        return repr(self.scores)

    def build(self, documents, engine):
        return self

    def search(self, queries, depth):
        rows, scores = np.full((2, len(queries), depth), -1.0)
        scores[:] = -np.inf
        for place, (row, score) in enumerate(self.scores[:depth]):
            rows[:, place], scores[:, place] = row, score
        return Hits(rows.astype(np.int64), scores.astype(np.float32))


def found(index, depth=4):
    hits = FakeEngine().search(index, DOCUMENTS, ["?"], depth=depth)
    return {
        DOCUMENTS[r]: s for r, s in zip(hits.positions[0], hits.scores[0], strict=True) if r >= 0
    }


def test_the_sum_of_reacc() -> None:
    """[041]: dense {a: .9, b: .5}, BM25 {b: 10, c: 4}: a 94.4, b 61.0, c 54.4."""
    index = Interpolated(Told(((0, 0.9), (1, 0.5))), Told(((1, 10), (2, 4))))
    assert found(index) == pytest.approx({"a": 94.4, "b": 61.0, "c": 54.4})
    assert list(found(index)) == ["a", "b", "c"]


def test_lists_on_one_scale() -> None:
    """[111]: dense {a .9, b .7, c .5}, sparse {b 12, d 8}, α = .5: .25, .25, −.75, −.75."""
    dense, sparse = Told(((0, 0.9), (1, 0.7), (2, 0.5))), Told(((1, 12), (3, 8)))
    index = Interpolated(dense, sparse, lexical=0.5, dense=1.0, normalised=True)
    assert found(index) == pytest.approx({"a": 0.25, "b": 0.25, "c": -0.75, "d": -0.75}, abs=1e-6)


def test_given_documents_are_rated_as_they_are_found() -> None:
    index = Interpolated(Told(((0, 0.9), (1, 0.5))), Told(((1, 10), (2, 4))))
    built = index.build(DOCUMENTS, FakeEngine())
    hits = built.rate(["?"], np.array([[2, 3, 0, -1]]))
    assert hits.scores[0].tolist() == pytest.approx([54.4, 54.4, 94.4, -np.inf])


def test_a_list_of_nothing_adds_nothing() -> None:
    index = Interpolated(Told(((0, 0.9), (1, 0.5))), Told(()))
    assert found(index) == pytest.approx({"a": 90, "b": 50})
    one_scale = Interpolated(Told(((0, 0.9),)), Told(()), normalised=True)
    assert found(one_scale) == {"a": 0}


def test_what_one_of_them_finds_is_found() -> None:
    documents = ["warm milk", "cold milk", "bread", "sun"]
    index = Interpolated(Flat(FakeEncoder()), BM25(), depth=1)
    hits = FakeEngine().search(index, documents, ["bread", "?"], depth=6)
    assert hits.positions[0][0] == 2
    assert (hits.positions >= 0).sum(axis=1).tolist() == [4, 4]
    assert hits.scores[1, 4:].tolist() == [-np.inf] * 2


def test_the_fingerprint_is_of_both_and_of_the_settings() -> None:
    one = Interpolated(Flat(FakeEncoder()), FakeIndex())
    others = [
        Interpolated(Flat(FakeEncoder(salt="x")), FakeIndex()),
        Interpolated(Flat(FakeEncoder())),
        Interpolated(Flat(FakeEncoder()), FakeIndex(), lexical=1),
        Interpolated(Flat(FakeEncoder()), FakeIndex(), dense=1),
        Interpolated(Flat(FakeEncoder()), FakeIndex(), normalised=True),
        Interpolated(Flat(FakeEncoder()), FakeIndex(), depth=7),
    ]
    assert len({index.fingerprint() for index in (one, *others)}) == 7
