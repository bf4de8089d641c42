"""TwoTowers: an encoder for queries and one for documents, which learn apart. [096]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.losses import SymmetricInfoNCE
from acclimate.parts.part import Context
from acclimate.parts.students import TwoTowers
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def test_both_towers_begin_as_the_base_and_share_no_weight(base: Encoder) -> None:
    model = TwoTowers().prepare(base.load())
    before = base.load().encode(list(TEXTS))
    assert np.array_equal(model.encode_query(list(TEXTS)), before)
    assert np.array_equal(model.encode_document(list(TEXTS)), before)
    routes = model[0].sub_modules
    towers = [{id(w) for w in routes[name].parameters()} for name in ("query", "document")]
    assert not towers[0] & towers[1]
    assert all(p.requires_grad for p in model.parameters())


def test_both_learn_and_the_folder_is_sentence_transformers_own(
    base: Encoder, tmp_path: Path
) -> None:
    """[096]: with BioCPT's loss, both directions."""
    from sentence_transformers import SentenceTransformer

    things = samples.things()
    loss = SymmetricInfoNCE(share=0.8)
    part = Fit(loss=loss, steps=4, batch=6, candidates=1, learning_rate=1e-3, warmup=1)
    start = TwoTowers()(Student(encoder=base))
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    after = part(things[Corpus], things[Queries], things[Labels], start, ctx)
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    texts, before = list(TEXTS), base.load().encode(list(TEXTS))
    asked, found = plain.encode_query(texts), plain.encode_document(texts)
    assert not np.allclose(asked, before, atol=1e-3)
    assert not np.allclose(found, before, atol=1e-3)
    assert not np.allclose(asked, found, atol=1e-3)
    ours = after.encoder.open("cpu")
    assert np.allclose(ours.encode(texts, kind="query"), asked, atol=1e-6)
    assert np.allclose(ours.encode(texts, kind="document"), found, atol=1e-6)


def test_what_a_query_learns_leaves_the_documents_tower(base: Encoder) -> None:
    model = TwoTowers().prepare(base.load())
    features = model.preprocess(["the pump"], task="query")
    model(features, task="query")["sentence_embedding"].sum().backward()
    routes = model[0].sub_modules
    moved = [w for w in routes["query"].parameters() if w.grad is not None]
    assert any(bool(torch.any(w.grad != 0)) for w in moved)
    assert all(w.grad is None for w in routes["document"].parameters())


def test_what_it_made_it_makes_not_anew(base: Encoder) -> None:
    model = TwoTowers().prepare(base.load())
    assert TwoTowers().prepare(model) is model


def test_too_short_a_reading_is_refused() -> None:
    with pytest.raises(RecipeError, match="8 or more"):
        TwoTowers(training_tokens=3)
