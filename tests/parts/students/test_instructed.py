"""Instructed: texts are read behind a prefix, which becomes part of the saved model."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import Instructed
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def test_a_text_is_read_as_if_its_prefix_stood_before_it(base: Encoder) -> None:
    model = Instructed(query="the motor ", document="a relay ").prepare(base.load())
    plain = base.load()
    for encode, prefix in ((model.encode_query, "the motor "), (model.encode_document, "a relay ")):
        wanted = plain.encode([prefix + text for text in TEXTS])
        assert np.allclose(encode(list(TEXTS)), wanted, atol=1e-6)
    assert all(p.requires_grad for p in model.parameters())


def test_it_learns_and_the_saved_model_puts_the_prefix_there_by_itself(
    base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    things, shape = samples.things(), Instructed(query="the motor ")
    part = Fit(loss=KLDivergence(), steps=6, batch=6, candidates=3, learning_rate=1e-3, warmup=1)
    ctx = Context(engine=FakeEngine(), folder=tmp_path)
    tables = (things[Corpus], things[Queries], things[Labels])
    after = part(*tables, shape(Student(encoder=base)), ctx)
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    asked = plain.encode_query(["pump"])
    assert np.allclose(asked, plain.encode(["the motor pump"], prompt=""), atol=1e-6)
    assert np.allclose(after.encoder.open("cpu").encode(["pump"], kind="query"), asked, atol=1e-6)
    before = after.start.open("cpu").encode(["pump"], kind="query")
    assert np.allclose(before, base.load().encode(["pump"]), atol=1e-6)


def test_no_prefix_is_refused() -> None:
    with pytest.raises(RecipeError, match="has no prefix"):
        Instructed(query="")
