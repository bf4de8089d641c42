"""LayerSwap: the lower layers are the domain's, the upper ones the task's. [097]"""

from pathlib import Path
from typing import Any

import pytest
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Sparse
from acclimate.models.student import Student
from acclimate.parts.loops import Fit, LayerSwap, MaskedLanguage
from acclimate.parts.loops._written import finished
from acclimate.parts.loops.layer_swap import swapped
from acclimate.parts.losses import InfoNCE, MaskedLM
from acclimate.parts.part import Context
from acclimate.parts.students import Sparse as Words
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

LOOP = MaskedLanguage(loss=MaskedLM(), steps=3, batch=4, learning_rate=1e-3, warmup=1)


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Student:
    """A sparse student, as trained elsewhere."""
    folder = tmp_path_factory.mktemp("task")
    model = Words().prepare(tiny_encoder(folder / "base", texts=toys.CORPUS.contents).load())
    return Words()(Student(encoder=Sparse(str(finished(model, folder)))))


def same(one: dict[str, Any], other: dict[str, Any], part: str) -> set[bool]:
    """Whether the tensors of one part are equal, bit for bit."""
    return {torch.equal(one[name], other[name]) for name in one if part in name}


def test_below_is_the_domains_and_above_the_tasks_exactly(task: Student, tmp_path: Path) -> None:
    """[097]: layers below k equal the domain's model, from k on the task's."""
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    after = LayerSwap(loop=LOOP, layers=1)(toys.CORPUS, task, ctx)
    (domain,) = (tmp_path / "domain").glob("model-*")
    mixed = after.encoder.load().state_dict()
    learned, before = Sparse(str(domain)).load().state_dict(), task.encoder.load().state_dict()
    for part in ("embeddings.word_embeddings", "encoder.layer.0."):
        assert same(mixed, learned, part) == {True}
        assert True not in same(mixed, before, part + "output") | same(mixed, before, part + "wei")
    for part in ("encoder.layer.1.", "predictions.transform"):
        assert same(mixed, before, part) == {True}
        assert False in same(mixed, learned, part)
    assert isinstance(after.encoder, Sparse)
    assert after.start == task.encoder


def test_the_folder_is_sentence_transformers_own(task: Student, tmp_path: Path) -> None:
    from sentence_transformers import SparseEncoder

    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    after = LayerSwap(loop=LOOP, layers=1)(toys.CORPUS, task, ctx)
    plain = SparseEncoder(str(after.encoder.folder()), device="cpu")
    theirs = plain.encode_document(toys.CORPUS.contents).to_dense().numpy()
    ours = after.encoder.open("cpu").encode(toys.CORPUS.contents, kind="document")
    assert abs(ours - theirs).max() < 1e-5


def test_a_swap_of_all_layers_would_leave_no_task(task: Student) -> None:
    model = task.encoder.load()
    with pytest.raises(ModelError, match="takes 2 layers, but the student has 2"):
        swapped(model, model, 2)


def test_models_of_two_architectures_do_not_mix(task: Student, tmp_path: Path) -> None:
    other = tiny_encoder(tmp_path, texts=toys.CORPUS.contents, dimension=16).load()
    with pytest.raises(ModelError, match="one architecture"):
        swapped(task.encoder.load(), other, 1)


def test_a_loop_that_needs_labels_is_refused() -> None:
    with pytest.raises(RecipeError, match="needs Labels, Queries"):
        LayerSwap(loop=Fit(loss=InfoNCE()))
    with pytest.raises(RecipeError, match="1 or more"):
        LayerSwap(loop=LOOP, layers=0)
