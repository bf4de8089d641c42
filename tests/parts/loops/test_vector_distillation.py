"""VectorDistillation: the student's vectors become the teacher's. [049]"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Dense
from acclimate.models.student import Student
from acclimate.parts.loops import VectorDistillation, _texts
from acclimate.parts.loops._imitating import Imitating
from acclimate.parts.losses import EmbeddingDistillation
from acclimate.parts.part import Context
from acclimate.parts.students import EncoderSwap
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

LOSS = EmbeddingDistillation()
SETTINGS: dict[str, Any] = {"steps": 30, "batch": 12, "warmup": 1, "learning_rate": 1e-2}


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Dense:
    return tiny_encoder(tmp_path_factory.mktemp("t"), texts=toys.CORPUS.contents, seed=3)


def trained(student: Student, folder: Path, **settings: Any) -> tuple[Student, Context]:
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    part = VectorDistillation(loss=LOSS, **SETTINGS | settings)
    return part(toys.CORPUS, student, ctx), ctx


def away(student: Student, teacher: Dense) -> float:
    """How far the student's vectors of the documents are from the teacher's."""
    one, two = (m.load().encode(toys.CORPUS.contents) for m in (student.encoder, teacher))
    return float(np.square(one - two).mean())


def test_the_student_comes_nearer_to_the_teacher(
    student: Student, teacher: Dense, tmp_path: Path
) -> None:
    after, ctx = trained(student, tmp_path, teacher=teacher)
    assert away(after, teacher) < 0.5 * away(student, teacher)
    assert ctx.notes["curve"]["loss"][0] == pytest.approx(away(student, teacher), rel=1e-3)


def test_without_a_teacher_it_learns_from_what_it_began_as(
    student: Student, teacher: Dense, tmp_path: Path
) -> None:
    swapped = EncoderSwap(backbone=teacher)(student)
    after, ctx = trained(swapped, tmp_path)
    losses = ctx.notes["curve"]["loss"]
    assert away(after, student.encoder) < 0.5 * losses[0]
    assert after.start == student.encoder


def test_a_student_that_is_its_teacher_has_nothing_to_learn(
    student: Student, tmp_path: Path
) -> None:
    _, ctx = trained(student, tmp_path, steps=1)
    assert ctx.notes["curve"]["loss"] == [pytest.approx(0, abs=1e-9)]


def test_a_batch_in_pieces_has_the_gradient_of_the_batch(
    student: Student, teacher: Dense, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = toys.CORPUS.contents
    wanted = teacher.load().encode(texts)
    found = []
    for tokens in (100_000, 40):
        monkeypatch.setattr(_texts, "PIECE_TOKENS", tokens)
        made = Imitating(student.encoder.load().requires_grad_(), texts, 7, LOSS, wanted)
        pieces = list(made.pieces(np.arange(6)))
        for piece, _ in pieces:
            piece.backward()
        gradient = made.body.model.encoder.layer[1].output.dense.weight.grad
        found.append((len(pieces), sum(value for _, value in pieces), gradient))
    assert found[0][0] == 1 < found[1][0]
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-5)
    assert torch.allclose(found[0][2], found[1][2], atol=1e-6)


def test_other_dimensions_are_refused(student: Student, tmp_path: Path) -> None:
    wide = tiny_encoder(tmp_path / "wide", dimension=16)
    with pytest.raises(ModelError, match="16 dimensions, and the student of 32"):
        trained(student, tmp_path / "run", teacher=wide)


def test_a_training_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(RecipeError, match="would learn nothing"):
        VectorDistillation(loss=LOSS, learning_rate=0.0)
