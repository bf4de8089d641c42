"""LanceTable: what is found with LanceDB is what acclimate finds."""

from pathlib import Path
from typing import Any, cast

import lancedb
import pytest

from acclimate.models.encoders import MultiVector
from acclimate.models.indexes import Flat
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import LanceTable
from acclimate.parts.serving._vectors import STEP
from acclimate.parts.students import LateInteraction
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine
from acclimate.testing.tiny import tiny_encoder


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


@pytest.mark.integration
def test_a_late_interaction_models_rows_hold_a_vector_per_token(tmp_path: Path) -> None:
    texts = toys.CORPUS.contents
    model = LateInteraction(dimensions=8).prepare(tiny_encoder(tmp_path / "a", texts=texts).load())
    model.save_pretrained(str(tmp_path / "tokens"), create_model_card=False)
    encoder = MultiVector(str(tmp_path / "tokens"))
    ctx = Context(folder=tmp_path / "out", engine=FakeEngine())
    table = lancedb.connect(LanceTable()(toys.CORPUS, Student(encoder=encoder), ctx)).open_table(
        "documents"
    )
    for text in texts[:3]:
        query = encoder.open("cpu").encode_tokens([text], kind="query")[1][0]
        found = table.search(query).distance_type("cosine").limit(5).to_list()
        ours = FakeEngine().search(Flat(encoder), texts, [text], depth=5)
        assert [row["doc_id"] for row in found] == [
            toys.CORPUS["doc_id"][row] for row in ours.positions[0]
        ]
        # A token's distance is 1 - cosine; acclimate takes the mean over a query's tokens.
        away = (len(query) * (1 - ours.scores[0])).tolist()
        assert [row["_distance"] for row in found] == pytest.approx(away, abs=1e-3)
