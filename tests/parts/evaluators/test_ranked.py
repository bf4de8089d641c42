"""Ranked: systems and hybrids, by hand."""

from typing import cast

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat
from acclimate.models.indexes.ranking import ordered, union
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import (
    Towers,
    index_of,
    rank,
    shares,
    systems_of,
)
from acclimate.parts.part import Context
from acclimate.parts.students import QuerySide
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

BASE = cast(Dense, FakeEncoder())
MOVED = cast(Dense, FakeEncoder(salt="moved"))


def test_the_union_holds_each_document_once_and_ends_in_nothing() -> None:
    made = union([np.array([[3, 1], [2, -1]]), np.array([[1, 0], [-1, -1]])])
    assert made.tolist() == [[3, 1, 0], [2, -1, -1]]


def test_the_union_of_nothing_has_a_place() -> None:
    assert union([np.array([[-1]]), np.array([[-1]])]).tolist() == [[-1]]


def test_shares_run_from_nought_to_one_over_a_querys_pool() -> None:
    pool = np.array([[0, 1, 2], [0, 1, -1]])
    made = shares(np.array([[2.0, 6.0, 3.0], [4.0, 4.0, -np.inf]]), pool)
    assert made.tolist() == [[0, 1, 0.25], [0, 0, 0]]


def test_a_pool_is_ordered_by_score_and_ties_by_row() -> None:
    pool, scores = np.array([[7, 3, 5, -1]]), np.array([[1.0, 2.0, 1.0, 9.0]])
    assert ordered(pool, scores, 3).positions.tolist() == [[3, 5, 7]]


def test_bm25_each_encoder_and_their_hybrids_are_ranked() -> None:
    ctx = Context(engine=FakeEngine())
    texts, asked = toys.CORPUS.contents, toys.QUERIES["text"]
    made = rank(texts, asked, {"base": BASE, "adapted": Flat(MOVED)}, ctx, depth=5)
    assert list(made) == ["BM25", "base", "base+BM25", "adapted", "adapted+BM25"]
    bees = toys.CORPUS.position["bees"]
    assert {name: int(hits.positions[1, 0]) for name, hits in made.items()} == dict.fromkeys(
        made, bees
    )
    assert made["base+BM25"].positions.shape == (6, 5)


def test_the_hybrid_is_the_sum_of_both_shares_over_the_union() -> None:
    ctx = Context(engine=FakeEngine())
    texts, asked = toys.CORPUS.contents, ["how do bees make honey"]
    made = rank(texts, asked, {"base": BASE}, ctx, depth=12)
    best = made["base+BM25"]
    assert texts[best.positions[0, 0]].startswith("Bees")
    assert best.scores[0, 0] == 2.0  # first of both
    assert np.all(np.diff(best.scores[0]) <= 0)


def test_a_student_that_has_not_learned_is_the_base_only() -> None:
    assert list(systems_of(Student(encoder=BASE))) == ["base"]
    assert list(systems_of(Student(encoder=MOVED, base=BASE))) == ["base", "adapted"]


def test_documents_that_never_change_are_searched_with_the_bases_vectors() -> None:
    """All of the adapted model's own document vectors would point elsewhere."""
    student = Student(encoder=MOVED, base=BASE, shape=QuerySide())
    index = index_of(student)
    assert index == Towers(MOVED, BASE)
    assert index_of(Student(encoder=MOVED, base=BASE)) == Flat(MOVED)
    engine = FakeEngine()
    hits = engine.search(index, toys.CORPUS.contents, ["warm milk"], depth=12)
    documents = FakeEncoder().encode(toys.CORPUS.contents, kind="document")
    query = FakeEncoder(salt="moved").encode(["warm milk"], kind="query")[0]
    assert hits.positions[0, 0] == np.argmax(documents @ query)
    assert hits.scores[0, 0] == np.float32((documents @ query).max())


def test_towers_of_other_encoders_have_other_fingerprints() -> None:
    assert Towers(MOVED, BASE).fingerprint() != Towers(BASE, MOVED).fingerprint()
