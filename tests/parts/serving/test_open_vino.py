"""OpenVINO: a graph is kept only if it ranks as its checkpoint does."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders import Exported, MultiVector
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import OpenVINO
from acclimate.parts.students import LateInteraction
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder


def test_weights_it_does_not_know_are_refused() -> None:
    with pytest.raises(RecipeError, match="float16, float32"):
        OpenVINO(weights="int8")  # type: ignore[arg-type]


@pytest.mark.integration
def test_the_graph_gives_the_checkpoints_vectors_and_halves_are_half_as_large(
    tmp_path: Path,
) -> None:
    texts = toys.CORPUS.contents
    student = Student(encoder=tiny_encoder(tmp_path / "tiny", texts=texts))
    expected = student.encoder.load().encode(texts)
    sizes = {}
    for weights in ("float32", "float16"):
        ctx = Context(folder=tmp_path / "out", engine=FakeEngine())
        part = OpenVINO(weights=weights, at_least=0.5)  # type: ignore[arg-type]
        folder = part(toys.CORPUS, toys.QUERIES, student, ctx)
        vectors = Exported(str(folder)).open("cpu").encode(texts, kind="document")
        # Its runtime may compute in bfloat16, which has two to three digits.
        assert (vectors * expected).sum(axis=1).min() > 0.99
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01)
        assert sorted(p.name for p in folder.glob("model*")) == ["model.bin", "model.xml"]
        sizes[weights] = (folder / "model.bin").stat().st_size
    assert sizes["float16"] < 0.6 * sizes["float32"]


@pytest.mark.integration
def test_a_late_interaction_models_graph_gives_a_vector_per_token(tmp_path: Path) -> None:
    texts = toys.CORPUS.contents
    model = LateInteraction(dimensions=8).prepare(tiny_encoder(tmp_path / "a", texts=texts).load())
    model.save_pretrained(str(tmp_path / "tokens"), create_model_card=False)
    encoder = MultiVector(str(tmp_path / "tokens"))
    ctx = Context(folder=tmp_path / "out", engine=FakeEngine())
    folder = OpenVINO(at_least=0.5)(toys.CORPUS, toys.QUERIES, Student(encoder=encoder), ctx)
    rows = Exported(str(folder)).open("cpu").encode_tokens(texts, kind="query")[1]
    for row, other in zip(
        rows, encoder.open("cpu").encode_tokens(texts, kind="query")[1], strict=True
    ):
        assert row.shape == other.shape
        assert (row * other).sum(axis=1).min() > 0.99
