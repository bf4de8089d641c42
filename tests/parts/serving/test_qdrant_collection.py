"""QdrantCollection: what is found with Qdrant is what acclimate finds."""

import uuid
from pathlib import Path
from typing import Any, cast

from qdrant_client import QdrantClient

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import QdrantCollection
from acclimate.parts.serving.qdrant_collection import SPACE
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine


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
