"""LanceTable: what is found with LanceDB is what acclimate finds."""

from pathlib import Path
from typing import Any, cast

import lancedb

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import LanceTable
from acclimate.parts.serving._vectors import STEP
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine


def test_rows_are_documents_with_their_vectors(tmp_path: Path) -> None:
    student = Student(encoder=cast(Any, FakeEncoder()))
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    folder = LanceTable()(toys.CORPUS, student, ctx)
    table = lancedb.connect(folder).open_table("documents")
    assert table.count_rows() == 12
    vectors = FakeEncoder().encode(toys.CORPUS.contents, kind="document")
    for row, vector in zip(toys.CORPUS.dicts(), vectors, strict=True):
        (found,) = table.search(vector).distance_type("dot").limit(1).to_list()
        assert (found["doc_id"], found["title"], found["text"]) == (
            row["doc_id"], row["title"], row["text"],
        )  # fmt: skip


def test_documents_go_in_some_at_a_time_and_none_twice(tmp_path: Path) -> None:
    corpus = Corpus.read([f"document {n}" for n in range(STEP + 3)])
    encoder = FakeEncoder(dimension=8)
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    folder = LanceTable()(corpus, Student(encoder=cast(Any, encoder)), ctx)
    table = lancedb.connect(folder).open_table("documents").to_arrow()
    assert table.column("doc_id").to_pylist() == corpus["doc_id"]
    expected = encoder.encode(corpus.contents, kind="document").tolist()
    assert table.column("vector").to_pylist() == expected
