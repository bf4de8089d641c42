"""Reranker: a cross-encoder learns from candidate lists, and puts them in order."""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.indexes import BM25, Flat
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Model, Student
from acclimate.parts.evaluators.ranked import index_of
from acclimate.parts.loops import Fit
from acclimate.parts.losses import InfoNCE, KLDivergence, ListSoftmaxCE, MarginMSE
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import Reranker
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

THINGS = samples.things()
WORDS = (*TEXTS, *toys.CORPUS.contents)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    return tiny_scorer(tmp_path_factory.mktemp("scorer"), texts=WORDS)


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"), texts=WORDS)


def fit(loss: Loss, base: Model, folder: Path, **settings: object) -> tuple[Student, Context]:
    told = {"steps": 40, "batch": 12, "candidates": 3, "learning_rate": 2e-3, "warmup": 2}
    part = Fit(loss=loss, **told | settings)  # type: ignore[arg-type]
    ctx = Context(engine=Local(device="cpu", folder=folder / "engine"), folder=folder)
    student = Reranker()(Student(encoder=base))
    return part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], student, ctx), ctx


def pairs() -> list[tuple[str, str]]:
    return [(q, d) for q in THINGS[Queries]["text"][:3] for d in THINGS[Corpus].contents]


@pytest.mark.parametrize(
    "loss",
    [MarginMSE(), KLDivergence(student_temperature=1.0), ListSoftmaxCE(), InfoNCE(in_batch=True)],
    ids=["margins", "kl", "list", "in batch"],
)
def test_the_loss_falls_and_the_folder_is_sentence_transformers_own(
    loss: Loss, base: CrossEncoder, tmp_path: Path
) -> None:
    from sentence_transformers import CrossEncoder as Theirs

    after, ctx = fit(loss, base, tmp_path)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert isinstance(after.encoder, CrossEncoder)
    assert after.start == base
    scores = Theirs(str(after.encoder.folder()), device="cpu").predict(
        pairs(), activation_fn=torch.nn.Identity()
    )
    ours = ctx.engine.score(after.encoder, *map(list, zip(*pairs(), strict=True)))
    assert np.allclose(ours, scores, atol=1e-4)


def test_a_batch_in_pieces_is_the_batch(
    base: CrossEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pairs at once, a query at a time, and a pair at a time."""
    for loss in (MarginMSE(), InfoNCE(in_batch=True)):
        told = []
        for tokens in (100_000, 150, 8):
            monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", tokens)
            folder = tmp_path / f"{type(loss).__name__}-{tokens}"
            after, ctx = fit(loss, base, folder, steps=2, learning_rate=1e-4)
            scores = ctx.engine.score(after.encoder, *map(list, zip(*pairs(), strict=True)))
            told.append((ctx.notes["curve"]["loss"], scores))
        for other in told[1:]:
            assert other[0] == pytest.approx(told[0][0], rel=1e-4)
            assert np.abs(other[1] - told[0][1]).max() < 1e-3


def test_a_dense_encoder_becomes_a_reranker_of_what_it_finds(
    dense: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import CrossEncoder as Theirs

    after, ctx = fit(MarginMSE(), dense, tmp_path, learning_rate=1e-2)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert isinstance(after.encoder, CrossEncoder)
    plain = Theirs(str(after.encoder.folder()), device="cpu")
    ours = ctx.engine.score(after.encoder, *map(list, zip(*pairs(), strict=True)))
    assert np.allclose(ours, plain.predict(pairs()), atol=1e-4)
    texts, asked = THINGS[Corpus].contents, THINGS[Queries]["text"]
    found = ctx.engine.search(Flat(dense), texts, asked, depth=5).positions
    ranked = ctx.engine.search(index_of(after), texts, asked, depth=12)
    assert [set(row) for row in ranked.positions] == [set(range(12))] * len(asked)
    assert found.shape == (12, 5)
    assert (np.diff(ranked.scores, axis=1) <= 0).all()


def test_a_cross_encoder_reads_what_words_find(base: CrossEncoder) -> None:
    texts, asked = THINGS[Corpus].contents, THINGS[Queries]["text"]
    engine = Local(device="cpu")
    words = engine.search(BM25(), texts, asked, depth=12).positions
    ranked = engine.search(index_of(Student(encoder=base)), texts, asked, depth=12).positions
    assert [set(row) for row in ranked] == [set(row) for row in words]


def test_lower_layers_stay_when_they_are_frozen(base: CrossEncoder) -> None:
    model = Reranker(frozen=0.5).prepare(base.load())
    stays = {name for name, p in model.named_parameters() if not p.requires_grad}
    assert any("embeddings" in name for name in stays)
    assert not any(".layer.1." in name or "classifier" in name for name in stays)


def test_what_it_made_it_makes_not_anew(dense: Encoder) -> None:
    model = Reranker().prepare(dense.load())
    assert Reranker().prepare(model) is model
