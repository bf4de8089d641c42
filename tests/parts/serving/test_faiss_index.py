"""FaissIndex: what is found with faiss is what acclimate finds."""

import json
from pathlib import Path
from typing import Any, cast

import faiss
import pytest

from acclimate.errors import ModelError, RecipeError, StoreError, TableError
from acclimate.models.encoders import MultiVector
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import FaissIndex
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Any, FakeEncoder()))


def write(folder: Path) -> Path:
    return FaissIndex()(toys.CORPUS, STUDENT, Context(folder=folder, engine=FakeEngine()))


def test_line_n_is_vector_n(tmp_path: Path) -> None:
    folder = write(tmp_path)
    index = faiss.read_index(str(folder / "index.faiss"))
    lines = (folder / "documents.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["doc_id"] for row in rows] == toys.CORPUS["doc_id"]
    assert rows[0]["text"] == toys.CORPUS["text"][0]
    vectors = FakeEncoder().encode(toys.CORPUS.contents, kind="document")
    scores, found = index.search(vectors, 1)
    assert found[:, 0].tolist() == list(range(12))
    assert scores[:, 0] == pytest.approx(1.0)


def test_the_folder_says_of_which_model_it_is_and_is_named_by_it(tmp_path: Path) -> None:
    folder = write(tmp_path)
    told = json.loads((folder / "index.json").read_text("utf-8"))
    assert told["fingerprint"] == FakeEncoder().fingerprint()
    assert (told["documents"], told["dimension"], told["compare"]) == (12, 256, "dot")
    other = Student(encoder=cast(Any, FakeEncoder(salt="other")))
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    assert FaissIndex()(toys.CORPUS, other, ctx) != folder == write(tmp_path)


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    ctx = Context(folder=tmp_path, engine=FakeEngine())
    with pytest.raises(TableError, match="no documents"):
        FaissIndex()(toys.CORPUS.head(0), STUDENT, ctx)
    with pytest.raises(ModelError, match="gives a vector per token, and FaissIndex holds one"):
        FaissIndex()(toys.CORPUS, Student(encoder=MultiVector("some/colbert")), ctx)
    with pytest.raises(ModelError, match="reads pairs and gives no vectors"):
        FaissIndex()(toys.CORPUS, Student(encoder=CrossEncoder("some/reranker")), ctx)
    with pytest.raises(StoreError, match="folder"):
        FaissIndex()(toys.CORPUS, STUDENT, Context(engine=FakeEngine()))
    with pytest.raises(RecipeError, match="not a name"):
        FaissIndex(name="../up")
    assert not list(tmp_path.iterdir())
