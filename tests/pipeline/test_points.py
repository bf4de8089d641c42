"""Points between base and adapted weights, and searching them without encoding anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.models.encoders.dense import Dense
from acclimate.models.encoders.stem import record
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts import students
from acclimate.pipeline.points import between, searching
from acclimate.tables import Corpus

pytestmark = pytest.mark.integration
ROWS = np.arange(0, 120, 3)


@pytest.fixture(scope="module")
def adapted(student: Dense, tmp_path_factory: pytest.TempPathFactory) -> Student:
    """An adapter with weights of chance."""
    import torch

    shape = students.Adapter()
    model: Any = shape.prepare(student.load())
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(1)
        for weights in shape.head(model).parameters():
            weights.normal_(std=0.3)
    folder = tmp_path_factory.mktemp("adapted")
    model.save_pretrained(str(folder), create_model_card=False)
    record(student, folder)
    return Student(encoder=student, shape=shape).trained(Dense(str(folder)))


def search(student: Student, corpus: Corpus, engine: Local) -> Any:
    index = searching(student, corpus.contents, ROWS)
    return engine.search(index, corpus.take(ROWS).contents, ["wax comb", "moon"], depth=5)


def plainly(encoder: Dense, corpus: Corpus) -> Any:
    some = corpus.take(ROWS).contents
    return Local(device="cpu").search(Flat(encoder), some, ["wax comb", "moon"], depth=5)


def test_a_part_of_a_corpus_is_searched_with_the_vectors_that_are_there(
    adapted: Student, corpus: Corpus
) -> None:
    engine = Local(device="cpu")
    engine.encode(adapted.start, corpus.contents, kind="document")
    before = engine.usage["encode"]["computed"]
    for student in (Student(encoder=adapted.start), adapted):
        found, wanted = search(student, corpus, engine), plainly(student.encoder, corpus)
        assert found.positions.tolist() == wanted.positions.tolist()
        np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-5)
    # The two queries, once before the adapter and once behind: no document again.
    assert engine.usage["encode"]["computed"] <= before + 4


def test_frozen_documents_keep_the_bases_vectors(adapted: Student, corpus: Corpus) -> None:
    frozen = replace(adapted, shape=students.QuerySide(), encoder=adapted.start)
    assert searching(frozen, corpus.contents, ROWS).fingerprint() == (
        searching(Student(encoder=adapted.start), corpus.contents, ROWS).fingerprint()
    )


def test_an_encoder_that_moved_encodes_anew(student: Dense, corpus: Corpus, tmp_path: Path) -> None:
    from acclimate.testing.tiny import tiny_encoder

    other = tiny_encoder(tmp_path / "other", seed=5, texts=corpus.contents, max_length=64)
    moved = Student(encoder=student).trained(other)
    assert searching(moved, corpus.contents, ROWS) == Flat(other)


def test_half_an_adapter_is_half_way(adapted: Student, corpus: Corpus, tmp_path: Path) -> None:
    texts = corpus.contents[:20]
    half = (
        between(adapted, 0.5, tmp_path / "half").encoder.open("cpu").encode(texts, kind="document")
    )
    base = adapted.start.open("cpu").encode(texts, kind="document")
    head = adapted.shape.head(adapted.encoder.load())  # type: ignore[union-attr]
    moved = base + 0.5 * base @ head[0].linear.weight.detach().numpy().T
    wanted = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(half, wanted, atol=1e-5)


def test_the_whole_way_is_the_model_itself(adapted: Student, tmp_path: Path) -> None:
    assert between(adapted, 1, tmp_path / "x") is adapted
    assert not (tmp_path / "x").exists()
