"""Points between base and adapted weights, and searching them without encoding anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts import students
from acclimate.pipeline.points import Taken, between, has_head, searching, through
from acclimate.tables import Corpus
from acclimate.testing.fakes import FakeEngine

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def adapted(student: Dense, tmp_path_factory: pytest.TempPathFactory) -> Student:
    """A head with weights of chance."""
    import torch

    shape = students.Adapter()
    model = shape.prepare(student.load())
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(1)
        for weights in shape.head(model).parameters():
            weights.normal_(std=0.3)
    folder = tmp_path_factory.mktemp("adapted")
    model.save_pretrained(str(folder), create_model_card=False)
    return replace(Student(encoder=student, shape=shape).trained(Dense(str(folder))))


def vectors(student: Student, corpus: Corpus) -> np.ndarray:
    return student.encoder.open("cpu").encode(corpus.contents[:20], kind="document")


def test_vectors_through_the_head_are_the_models_own(adapted: Student, corpus: Corpus) -> None:
    base = adapted.start.open("cpu").encode(corpus.contents[:20], kind="document")
    np.testing.assert_allclose(through(adapted, base), vectors(adapted, corpus), atol=1e-5)


def test_searching_a_head_encodes_documents_with_the_base_alone(
    adapted: Student, corpus: Corpus
) -> None:
    engine, plain = FakeEngine(), FakeEngine()
    found = engine.search(searching(adapted), corpus.contents, ["wax comb"], depth=5)
    wanted = plain.search(Flat(adapted.encoder), corpus.contents, ["wax comb"], depth=5)
    assert found.positions.tolist() == wanted.positions.tolist()
    np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-5)


def test_rows_of_a_corpus_are_searched_with_the_vectors_that_are_there(
    student: Dense, corpus: Corpus
) -> None:
    rows = np.arange(0, 120, 3)
    some = corpus.take(rows)
    found = FakeEngine().search(
        Taken(student, corpus.contents, rows), some.contents, ["wax comb"], depth=5
    )
    wanted = FakeEngine().search(Flat(student), some.contents, ["wax comb"], depth=5)
    assert found.positions.tolist() == wanted.positions.tolist()
    np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-5)


def test_half_a_head_is_half_way(adapted: Student, corpus: Corpus, tmp_path: Path) -> None:
    half = vectors(between(adapted, 0.5, tmp_path / "half"), corpus)
    base = vectors(Student(encoder=adapted.start), corpus)
    head = adapted.shape.head(adapted.encoder.load())  # type: ignore[union-attr]
    moved = base + 0.5 * base @ head[0].linear.weight.detach().numpy().T
    np.testing.assert_allclose(
        half, moved / np.linalg.norm(moved, axis=1, keepdims=True), atol=1e-5
    )


def test_the_whole_way_is_the_model_itself(adapted: Student, tmp_path: Path) -> None:
    assert between(adapted, 1, tmp_path / "x") is adapted
    assert not (tmp_path / "x").exists()


def test_a_student_without_a_head_is_blended(student: Dense, tmp_path: Path) -> None:
    from acclimate.testing.tiny import tiny_encoder

    other = tiny_encoder(tmp_path / "other", seed=5, max_length=64)
    moved = Student(encoder=student).trained(student)
    assert not has_head(moved)
    assert between(moved, 0.5, tmp_path / "half").encoder.model == str(tmp_path / "half")
    assert not has_head(Student(encoder=student).trained(other))
