"""Matryoshka: the first dimensions learn to be vectors of their own. [036]"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.loops._written import finished
from acclimate.parts.losses import InfoNCE, KLDivergence, ListSoftmaxCE, Matryoshka
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import LateInteraction
from acclimate.parts.students import Matryoshka as Nested
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration

THINGS = samples.things()
QUERIES, DOCUMENTS = torch.tensor([[0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def fit(loss: Loss, shape: Nested, base: Encoder, folder: Path, **more: Any) -> Context:
    told = {"steps": 2, "batch": 6, "candidates": 3, "learning_rate": 1e-3, "warmup": 1} | more
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    tables = (THINGS[Corpus], THINGS[Queries], THINGS[Labels])
    Fit(loss=loss, **told)(*tables, shape(Student(encoder=base)), ctx)
    return ctx


def test_the_cuts_are_the_whole_and_its_first_dimensions_at_length_one() -> None:
    """[036]: (.6, .8) is 1 in one dimension; documents (1, 0), (0, 1) are 1 and 0."""
    told = list(Nested(dims=(1,), weights=(0.5,)).cuts(QUERIES, DOCUMENTS, unit=True))
    assert [weight for weight, _, _ in told] == [1.0, 0.5]
    whole, cut = ((q @ d.T).tolist() for _, q, d in told)
    assert whole == [pytest.approx([0.6, 0.8])]
    assert cut == [[1.0, 0.0]]
    ((_, _, _), (_, plain, _)) = Nested(dims=(1,)).cuts(QUERIES, DOCUMENTS, unit=False)
    assert plain.tolist() == [[pytest.approx(0.6)]]


def test_it_is_the_loss_of_matryoshka() -> None:
    """[036]: ln(1 + e⁻¹) of one dimension and ln(1 + e^.2) of two, as losses.Matryoshka has."""
    mask, none = torch.ones(1, 2, dtype=torch.bool), torch.zeros(1, 2)
    told = Nested(dims=(1,)).cuts(QUERIES, DOCUMENTS, unit=True)
    value = sum(w * ListSoftmaxCE()(q @ d.T, none, mask) for w, q, d in told)
    assert float(value) == pytest.approx(math.log(1 + math.exp(-1)) + math.log(1 + math.exp(0.2)))
    loss = Matryoshka(loss=ListSoftmaxCE(), dims=(1, 2), weights=(1.0, 1.0))
    assert float(value) == pytest.approx(float(loss(QUERIES, DOCUMENTS[None], none, mask)))


@pytest.mark.parametrize("loss", [KLDivergence(), InfoNCE(in_batch=True)], ids=["kl", "in batch"])
def test_the_loop_adds_up_the_cuts(loss: Loss, base: Encoder, tmp_path: Path) -> None:
    """With a cut of weight 0 the loss is the whole's; weights add what the cut costs."""
    first = []
    for number, weight in enumerate((0.0, 1.0, 2.0)):
        shape = Nested(dims=(8,), weights=(weight,))
        ctx = fit(loss, shape, base, tmp_path / str(number))
        first.append(ctx.notes["curve"]["loss"][0])
    assert first[1] > first[0]
    assert first[2] - first[1] == pytest.approx(first[1] - first[0], rel=1e-4)


def test_a_batch_in_pieces_is_the_batch(
    base: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loss in (KLDivergence(), InfoNCE(in_batch=True)):
        told = []
        for tokens in (100_000, 8):
            monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", tokens)
            folder = tmp_path / f"{type(loss).__name__}-{tokens}"
            told.append(fit(loss, Nested(dims=(8, 4)), base, folder).notes["curve"]["loss"])
        assert told[0] == pytest.approx(told[1], rel=1e-4)


def test_a_saved_model_is_cut_by_the_ordinary_call(base: Encoder, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = finished(Nested(dims=(8,)).prepare(base.load()), tmp_path)
    plain = SentenceTransformer(str(folder), device="cpu", truncate_dim=8)
    whole = SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS))
    assert np.allclose(plain.encode(list(TEXTS)), whole[:, :8], atol=1e-6)


def test_cuts_that_are_none_are_refused(base: Encoder) -> None:
    with pytest.raises(RecipeError, match="1 dimension or more"):
        Nested(dims=())
    with pytest.raises(RecipeError, match="2 cuts and 1 weights"):
        Nested(dims=(8, 4), weights=(1.0,))
    with pytest.raises(ModelError, match="gives 32 dimensions"):
        Nested(dims=(32,)).prepare(base.load())
    with pytest.raises(ModelError, match="gives none"):
        Nested(dims=(8,)).prepare(LateInteraction().prepare(base.load()))
