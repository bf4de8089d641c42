"""matryoshka from end to end: one model, vectors of several sizes. [036]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import serving, students
from acclimate.parts.part import Context
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.matryoshka import matryoshka
from acclimate.testing import toys

pytestmark = pytest.mark.integration


def test_without_a_writer_and_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((matryoshka().steps, matryoshka().judge))) == []


def test_the_cuts_weigh_as_much_as_the_whole() -> None:
    assert matryoshka().steps[0] == students.Matryoshka(dims=(256, 128, 64), training_tokens=96)
    assert matryoshka().steps[0].weights is None


def test_it_runs_and_is_served_at_the_size_one_asks_for(models, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    recipe = replace(
        matryoshka(queries=24, held_out=6, dims=(16, 8), depth=4, steps=2, batch=8), judge=None
    )
    outcome = acclimate.adapt(recipe, toys.CORPUS, models.encoder, out=tmp_path / "run")
    whole = SentenceTransformer(str(outcome.model), device="cpu")
    cut = SentenceTransformer(str(outcome.model), device="cpu", truncate_dim=8)
    texts = toys.CORPUS.contents
    first = whole.encode(texts)[:, :8]
    assert np.allclose(cut.encode(texts), first, atol=1e-6)
    folder = serving.ModelFolder(dimensions=8)(outcome.student, Context(folder=tmp_path / "served"))
    served = SentenceTransformer(str(folder), device="cpu").encode(texts)
    assert served.shape == (len(texts), 8)
    assert np.allclose(served, first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-5)
