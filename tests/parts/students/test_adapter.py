"""Adapter: a linear map behind the encoder learns, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def test_it_begins_as_the_base_and_only_the_map_is_free_to_move(base: Encoder) -> None:
    model = Adapter().prepare(base.load())
    before = base.load().encode(list(TEXTS))
    assert np.allclose(model.encode(list(TEXTS)), before, atol=1e-6)
    free = [p for p in model.parameters() if p.requires_grad]
    assert [tuple(p.shape) for p in free] == [(32, 32)]


def test_the_head_does_to_vectors_what_the_model_does_to_texts(base: Encoder) -> None:
    model = Adapter().prepare(base.load())
    head = Adapter().head(model)
    with torch.no_grad():
        next(head.parameters()).add_(0.1 * torch.eye(32).roll(1, 0))
    vectors = torch.from_numpy(base.load().encode(list(TEXTS)))
    made = head({"sentence_embedding": vectors})["sentence_embedding"]
    assert np.allclose(made.detach().numpy(), model.encode(list(TEXTS)), atol=1e-6)


def test_training_encodes_each_text_once_and_moves_the_map_only(
    base: Encoder, tmp_path: Path
) -> None:
    things, engine = samples.things(), FakeEngine()
    part = Fit(loss=KLDivergence(), steps=20, batch=6, candidates=3, learning_rate=1e-2)
    ctx = Context(engine=engine, folder=tmp_path)
    after = part(
        things[Corpus], things[Queries], things[Labels], Adapter()(Student(encoder=base)), ctx
    )
    assert engine.calls["encode"] == 12 + 12
    assert digest(after.encoder.folder()) != digest(base.folder())
    model, old = after.encoder.load(), base.load()
    assert torch.equal(next(model.parameters()), next(old.parameters()))
    assert not np.allclose(model.encode(list(TEXTS)), old.encode(list(TEXTS)), atol=1e-3)
    curve = ctx.notes["curve"]["loss"]
    assert np.mean(curve[-5:]) < np.mean(curve[:5])


def test_a_student_that_has_learned_before_is_refused() -> None:
    learned = Student(encoder=Encoder("m")).trained(Encoder("n"))
    with pytest.raises(RecipeError, match="learned since"):
        Adapter()(learned)
