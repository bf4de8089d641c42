"""EmbeddingTeacher: another encoder's similarities."""

from typing import cast

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.parts.labellers import EmbeddingTeacher
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries
from acclimate.testing import behaviour, toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

ENCODER = FakeEncoder(salt="teacher", dimension=64)
FOUND = Candidates.of(
    {"query_id": q, "doc_id": d, "rank": 1, "score": 0.0, "is_source": False, "miner": "m"}
    for q, d in (("q2", "bees"), ("q5", "rice"), ("q2", "moon"))
)


def test_values_are_cosines_of_the_teachers_vectors() -> None:
    part = EmbeddingTeacher(encoder=cast(Dense, ENCODER))
    labels = part(toys.CORPUS, toys.QUERIES, FOUND, Context(engine=FakeEngine()))
    texts = ["how do bees make honey", toys.CORPUS.contents[toys.CORPUS.position["bees"]]]
    query, document = ENCODER.encode(texts, kind="query")
    assert labels["value"][0] == pytest.approx(float(query @ document), abs=1e-6)
    assert labels["doc_id"] == ["bees", "rice", "moon"]
    assert set(labels["teacher"]) == {repr(ENCODER)}


def test_documents_are_read_once_and_not_once_per_pair() -> None:
    engine = FakeEngine()
    part = EmbeddingTeacher(encoder=cast(Dense, ENCODER))
    part(toys.CORPUS, Queries.joined([toys.QUERIES]), FOUND, Context(engine=engine))
    assert engine.calls["encode"] == len(toys.CORPUS) + 2  # two of the queries have candidates


def test_no_candidates_are_no_labels() -> None:
    part = EmbeddingTeacher(encoder=cast(Dense, ENCODER))
    ctx = Context(engine=FakeEngine())
    assert len(part(Corpus.empty(), Queries.empty(), Candidates.empty(), ctx)) == 0


def test_it_obeys_the_laws_of_labellers() -> None:
    behaviour.check_all(EmbeddingTeacher(encoder=cast(Dense, ENCODER)), folder="labellers")
