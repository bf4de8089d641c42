"""Adapter: a linear map behind the encoder learns, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.encoders.stem import stem_of
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.evaluators.ranked import index_of
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter
from acclimate.pipeline.points import between
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


def test_behind_an_encoder_that_has_learned_it_takes_that_ones_vectors(
    base: Encoder, tmp_path: Path
) -> None:
    things, engine = samples.things(), FakeEngine()
    tables = things[Corpus], things[Queries], things[Labels]
    loop = Fit(loss=KLDivergence(), steps=3, batch=6, candidates=3, learning_rate=1e-2)
    learned = loop(*tables, Student(encoder=base), Context(engine=engine, folder=tmp_path / "1"))
    student = Adapter()(learned)
    assert (student.start, student.stands_on) == (base, learned.encoder)
    after = loop(*tables, student, Context(engine=engine, folder=tmp_path / "2"))
    one, other = learned.encoder.load(), after.encoder.load()
    assert torch.equal(next(one.parameters()), next(other.parameters()))
    stem = stem_of(after.encoder)
    assert stem is not None
    assert stem.fingerprint() == learned.encoder.fingerprint()
    behind = stem.behind(one.encode(list(TEXTS)))
    assert np.allclose(behind, other.encode(list(TEXTS)), atol=1e-5)
    # Half of the way, the map stands behind half of an encoder, whose vectors nobody has.
    half = between(after, 0.5, tmp_path / "half")
    assert stem_of(half.encoder) is None
    assert isinstance(index_of(half), Flat)
    start, end, middle = (next(m.parameters()) for m in (base.load(), other, half.encoder.load()))
    assert torch.allclose(middle, (start + end) / 2)


def test_a_student_with_a_map_goes_on_with_it(base: Encoder) -> None:
    student = Adapter()(Student(encoder=base)).trained(Encoder("n"))
    assert Adapter()(student) == student
