"""QdrantCollection: what is found with Qdrant is what acclimate finds."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from qdrant_client import QdrantClient, models

from acclimate.models.encoders import MultiVector, Sparse
from acclimate.models.indexes import Flat
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import QdrantCollection
from acclimate.parts.serving.qdrant_collection import SPACE, _told
from acclimate.parts.students import LateInteraction
from acclimate.parts.students import Sparse as SparseStudent
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.tiny import tiny_encoder

TEXTS = toys.CORPUS.contents


@contextmanager
def collection(encoder: Any, folder: Path) -> Iterator[QdrantClient]:
    ctx = Context(folder=folder, engine=FakeEngine())
    client = QdrantClient(path=str(QdrantCollection()(toys.CORPUS, Student(encoder=encoder), ctx)))
    try:
        yield client
    finally:
        client.close()


def found(client: QdrantClient, query: Any, **settings: Any) -> list[tuple[str, float]]:
    points = client.query_points("documents", query=query, limit=5, **settings).points
    return [((point.payload or {})["doc_id"], point.score) for point in points]


def test_a_document_is_found_with_its_id_title_and_text(tmp_path: Path) -> None:
    student = Student(encoder=cast(Any, FakeEncoder()))
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    folder = QdrantCollection()(toys.CORPUS, student, ctx)
    vectors = FakeEncoder().encode(toys.CORPUS.contents, kind="document")
    client = QdrantClient(path=str(folder))
    try:
        assert client.count("documents").count == 12
        for row, vector in zip(toys.CORPUS.dicts(), vectors.tolist(), strict=True):
            (found,) = client.query_points("documents", query=vector, limit=1).points
            assert found.payload is not None
            assert found.payload["doc_id"] == row["doc_id"]
            assert (found.payload["title"], found.payload["text"]) == (row["title"], row["text"])
            assert found.id == str(uuid.uuid5(SPACE, row["doc_id"]))
    finally:
        client.close()


@pytest.mark.integration
def test_a_vector_per_token_is_compared_by_max_sim(tmp_path: Path) -> None:
    model = LateInteraction(dimensions=8).prepare(tiny_encoder(tmp_path / "a", texts=TEXTS).load())
    model.save_pretrained(str(tmp_path / "tokens"), create_model_card=False)
    encoder = MultiVector(str(tmp_path / "tokens"))
    with collection(encoder, tmp_path / "out") as client:
        for text in TEXTS[:3]:
            query = encoder.open("cpu").encode_tokens([text], kind="query")[1][0]
            ours = FakeEngine().search(Flat(encoder), TEXTS, [text], depth=5)
            expected = [toys.CORPUS["doc_id"][row] for row in ours.positions[0]]
            theirs = found(client, query.tolist())
            assert [name for name, _ in theirs] == expected
            sums = ours.scores[0] * len(query)  # acclimate takes the mean over a query's tokens
            assert [score for _, score in theirs] == pytest.approx(sums.tolist(), abs=1e-3)


@pytest.mark.integration
def test_weights_of_words_are_a_sparse_vector(tmp_path: Path) -> None:
    model = SparseStudent().prepare(tiny_encoder(tmp_path / "a", texts=TEXTS).load())
    model.save_pretrained(str(tmp_path / "words"), create_model_card=False)
    encoder = Sparse(str(tmp_path / "words"))
    with collection(encoder, tmp_path / "out") as client:
        weights = FakeEngine().encode_terms(encoder, TEXTS[:3], kind="query")
        for text, row in zip(TEXTS[:3], weights, strict=True):
            query = models.SparseVector(indices=row.indices.tolist(), values=row.data.tolist())
            ours = FakeEngine().search(Flat(encoder), TEXTS, [text], depth=5)
            theirs = [score for _, score in found(client, query, using="words")]
            assert theirs == pytest.approx(ours.scores[0].tolist(), rel=1e-3)


def test_a_document_without_a_token_is_a_point_without_a_vector() -> None:
    none, one = np.zeros((0, 2), dtype=np.float32), np.ones((1, 2), dtype=np.float32)
    assert list(_told("tokens", [none, one])) == [{}, [[1.0, 1.0]]]
