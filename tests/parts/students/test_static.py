"""Static: queries are looked up in a table that learns; documents keep their vectors."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import Static
from acclimate.pipeline.gate import points_of
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def test_a_query_is_the_weighted_mean_of_what_its_words_are_alone(base: Encoder) -> None:
    """A word at place r of the vocabulary, from 0, counts ln(2 + r)."""
    plain, model = base.load(), Static().prepare(base.load())
    places = plain.tokenizer.convert_tokens_to_ids(["pump", "motor"])
    alone = plain.encode(["pump", "motor"])
    mean = sum(np.log1p(1 + place) * row for place, row in zip(places, alone, strict=True))
    wanted = mean / np.linalg.norm(mean)
    assert np.allclose(model.encode_query(["motor pump"])[0], wanted, atol=1e-5)
    assert np.array_equal(model.encode_document(list(TEXTS)), plain.encode(list(TEXTS)))


def test_only_the_table_is_free_to_move(base: Encoder) -> None:
    model = Static().prepare(base.load())
    free = [tuple(p.shape) for p in model.parameters() if p.requires_grad]
    assert free == [(len(model[0].sub_modules["document"][0].tokenizer), 32)]
    assert Static().prepare(model) is model


def test_the_table_learns_and_documents_keep_their_vectors(base: Encoder, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    things, engine = samples.things(), FakeEngine()
    part = Fit(loss=KLDivergence(), steps=25, batch=12, candidates=3, learning_rate=5e-2, warmup=1)
    ctx = Context(engine=engine, folder=tmp_path)
    tables = (things[Corpus], things[Queries], things[Labels])
    after = part(*tables, Static()(Student(encoder=base)), ctx)
    assert engine.calls["encode"] == 12  # each document once
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    assert np.allclose(plain.encode_document(list(TEXTS)), base.load().encode(list(TEXTS)))
    opened, asked = after.encoder.open("cpu"), things[Queries]["text"]
    assert np.allclose(opened.encode(asked, kind="query"), plain.encode_query(asked), atol=1e-5)
    assert points_of(after) == (1.0,)


def test_a_query_without_a_word_is_no_direction(base: Encoder) -> None:
    assert not Static().prepare(base.load()).encode_query([""]).any()


def test_beside_an_encoder_that_has_learned_documents_keep_that_ones_vectors() -> None:
    learned = Student(encoder=Encoder("m")).trained(Encoder("n"))
    assert Static()(learned).stands_on == Encoder("n")


def test_a_cross_encoder_has_no_vectors_of_words(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be built from a CrossEncoder"):
        Static().prepare(tiny_scorer(tmp_path).load())
