"""ModelFolder: an ordinary sentence-transformers folder, named by its content."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import ModelError, RecipeError, StoreError
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import ModelFolder
from acclimate.parts.students import QuerySide
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    return Student(encoder=tiny_encoder(tmp_path_factory.mktemp("tiny")))


def test_sentence_transformers_loads_it(student: Student, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = ModelFolder(name="docs", card="# Docs\n")(student, Context(folder=tmp_path))
    loaded = SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS))
    assert np.array_equal(loaded, student.encoder.load().encode(list(TEXTS)))
    assert (folder / "README.md").read_text("utf-8") == "# Docs\n"
    assert [p.name for p in tmp_path.iterdir()] == [folder.name]


def test_the_name_holds_the_content_and_the_card_is_no_part_of_it(
    student: Student, tmp_path: Path
) -> None:
    one = ModelFolder(name="m")(student, Context(folder=tmp_path))
    two = ModelFolder(name="m", card="text")(student, Context(folder=tmp_path))
    other = Student(encoder=tiny_encoder(tmp_path / "other", seed=1))
    three = ModelFolder(name="m")(other, Context(folder=tmp_path))
    assert one == two != three
    assert one.name.startswith("m-")
    assert len(one.name) == len("m-") + 12


def test_weights_are_safetensors_only(student: Student, tmp_path: Path) -> None:
    folder = ModelFolder()(QuerySide()(student), Context(folder=tmp_path))
    files = [p.name for p in folder.rglob("*") if p.is_file()]
    assert "model.safetensors" in files
    assert not [f for f in files if f.endswith((".bin", ".pt", ".pkl"))]


def test_a_name_that_leads_elsewhere_is_refused() -> None:
    for name in ("../up", "", "a/b", ".hidden"):
        with pytest.raises(RecipeError, match="not a name"):
            ModelFolder(name=name)


def test_without_a_folder_nothing_is_written(student: Student) -> None:
    with pytest.raises(StoreError, match="folder"):
        ModelFolder()(student, Context())


def test_vectors_are_cut_to_their_first_dimensions(student: Student, tmp_path: Path) -> None:
    """As `truncate_dim` cuts them, and of length 1 where cosines compare them."""
    from sentence_transformers import SentenceTransformer

    cut = ModelFolder(dimensions=8)(student, Context(folder=tmp_path))
    served = SentenceTransformer(str(cut), device="cpu").encode(list(TEXTS))
    whole = SentenceTransformer(student.encoder.model, device="cpu", truncate_dim=8)
    first = whole.encode(list(TEXTS))
    assert np.allclose(served, first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-6)
    dotted = Student(encoder=tiny_encoder(tmp_path / "dotted", normalised=False))
    plain = ModelFolder(dimensions=8)(dotted, Context(folder=tmp_path))
    served = SentenceTransformer(str(plain), device="cpu").encode(list(TEXTS))
    assert np.allclose(served, dotted.encoder.load().encode(list(TEXTS))[:, :8], atol=1e-6)


def test_more_dimensions_than_there_are_are_refused(student: Student, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="vectors of 32 dimensions"):
        ModelFolder(dimensions=33)(student, Context(folder=tmp_path))
    with pytest.raises(RecipeError, match="1 or more"):
        ModelFolder(dimensions=0)
