"""LateInteraction: MaxSim over token vectors, by hand: a fake token is its word."""

from typing import cast

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.labellers import LateInteraction
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour
from acclimate.testing.fakes import FakeEncoder, FakeEngine

CORPUS = Corpus.of(
    {"doc_id": d, "title": "", "text": t}
    for d, t in (("all", "cold warm milk"), ("half", "warm bread"), ("none", "stone"))
)
QUERIES = Queries.of([{"query_id": "q", "text": "warm milk", "split": "train"}])
CANDIDATES = Candidates.of(
    {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": False, "miner": "m"}
    for r, d in enumerate(("half", "none", "all"), 1)
)
FAKE = cast(Dense, FakeEncoder())
STUDENT = Student(encoder=FAKE)


def values(part: LateInteraction, student: Student = STUDENT) -> list[float]:
    labels = part(CORPUS, QUERIES, CANDIDATES, student, Context(engine=FakeEngine()))
    assert labels["doc_id"] == ["half", "none", "all"]
    return list(labels["value"])


def cosine(one: str, other: str) -> float:
    a, b = (FakeEncoder().encode([w], kind="query")[0] for w in (one, other))
    return float(a @ b)


def test_the_value_is_the_mean_over_query_words_of_the_best_match() -> None:
    """Both words are there: 1. One is: (1 + cos(milk, its nearest)) / 2. None: the cosines."""
    half, none, whole = values(LateInteraction())
    assert whole == pytest.approx(1, abs=1e-3)
    nearest = max(cosine("milk", "warm"), cosine("milk", "bread"))
    assert half == pytest.approx((1 + nearest) / 2, abs=1e-3)
    strange = (cosine("warm", "stone") + cosine("milk", "stone")) / 2
    assert none == pytest.approx(strange, abs=1e-3)


def test_the_vectors_are_those_the_student_started_from_or_those_asked_for() -> None:
    other = cast(Dense, FakeEncoder(salt="other"))
    moved = Student(encoder=other, base=FAKE)
    assert values(LateInteraction(), moved) == values(LateInteraction())
    given = values(LateInteraction(encoder=other))
    assert given == values(LateInteraction(), Student(encoder=other))
    assert not np.allclose(given, values(LateInteraction()))


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(LateInteraction(), folder="labellers")
