"""EncoderSwap: another transformer, with a map to the student's dimensions. [049]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops._written import finished
from acclimate.parts.students import EncoderSwap
from acclimate.parts.students import Sparse as Words
from acclimate.pipeline.gate import WHOLE, points_of
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("other"), dimension=16, seed=1)


def test_it_has_the_backbones_transformer_and_the_students_dimensions(
    base: Encoder, other: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    folder = finished(EncoderSwap(backbone=other).prepare(base.load()), tmp_path)
    plain = SentenceTransformer(str(folder), device="cpu")
    made = plain.encode(list(TEXTS))
    assert made.shape == (len(TEXTS), 32)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    weight = "encoder.layer.0.attention.self.query.weight"
    assert torch.equal(
        plain[0].model.state_dict()[weight], other.load()[0].model.state_dict()[weight]
    )


def test_the_map_keeps_angles_at_first(base: Encoder, other: Encoder) -> None:
    """16 to 32 dimensions, orthogonal: products of vectors stay."""
    made = EncoderSwap(backbone=other).prepare(base.load())
    weights = made[2].linear.weight.detach()
    assert torch.allclose(weights.T @ weights, torch.eye(16), atol=1e-5)


def test_a_frozen_backbone_gets_no_gradient(base: Encoder, other: Encoder) -> None:
    """[049]: gradients do not reach a frozen backbone; the map alone learns."""
    for learns in (True, False):
        model = EncoderSwap(backbone=other, backbone_learns=learns).prepare(base.load())
        model(model.preprocess(["the pump"]))["sentence_embedding"].sum().backward()
        reached = [p.grad is not None for p in model[0].parameters()]
        assert any(reached) == learns
        assert model[2].linear.weight.grad is not None


def test_what_it_made_it_makes_not_anew(base: Encoder, other: Encoder, tmp_path: Path) -> None:
    shape = EncoderSwap(backbone=other)
    made = shape.prepare(base.load())
    assert shape.prepare(made) is made
    again = Encoder(str(finished(made, tmp_path))).load()
    assert shape.prepare(again) is again


def test_no_point_lies_between_two_architectures(base: Encoder, other: Encoder) -> None:
    student = EncoderSwap(backbone=other)(Student(encoder=base))
    assert points_of(student) == WHOLE


def test_a_model_without_vectors_is_refused(base: Encoder, other: Encoder) -> None:
    with pytest.raises(ModelError, match="this is a SparseEncoder"):
        EncoderSwap(backbone=other).prepare(Words().prepare(base.load()))
