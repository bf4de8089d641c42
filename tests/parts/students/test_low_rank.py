"""LowRank: small matrices learn, and end up in the weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Settles, Student
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import LowRank
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytest.importorskip("peft", reason="needs the extra peft")
pytestmark = pytest.mark.integration

THINGS = samples.things()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def fit(base: Encoder, folder: Path, **settings: Any) -> tuple[Student, Context]:
    told = {"steps": 30, "batch": 6, "candidates": 3, "learning_rate": 1e-2} | settings
    part = Fit(loss=KLDivergence(student_temperature=0.05), warmup=2, **told)
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    start = LowRank(rank=4)(Student(encoder=base))
    return part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx), ctx


def test_it_begins_at_the_student_and_only_the_matrices_learn(base: Encoder) -> None:
    """Of each linear layer (in, out): 4 · (in + out) numbers; 2 layers of 6 such layers."""
    model = LowRank(rank=4).prepare(base.load())
    texts = list(TEXTS)
    assert np.allclose(model.encode(texts), base.load().encode(texts), atol=1e-6)
    learning = {n: p for n, p in model.named_parameters() if p.requires_grad}
    assert all("lora_" in name for name in learning)
    square, wide = 4 * (32 + 32), 4 * (32 + 64)
    in_layers = sum(p.numel() for n, p in learning.items() if ".layer." in n)
    assert in_layers == 2 * (4 * square + 2 * wide)


def test_the_product_is_added_with_its_share(base: Encoder) -> None:
    """W + (alpha / rank) B A: with alpha 8 and rank 4, twice the product."""
    shape = LowRank(rank=4, alpha=8)
    model = shape.prepare(base.load())
    name = "encoder.layer.0.attention.self.query"
    layer = dict(model.transformers_model.named_modules())[name]
    with torch.no_grad():
        layer.lora_B["default"].weight.fill_(0.1)
    added = 2 * layer.lora_B["default"].weight @ layer.lora_A["default"].weight
    before = base.load().transformers_model.state_dict()[f"{name}.weight"]
    shown = model.encode(list(TEXTS))
    settled = shape.settled(model)
    after = settled.transformers_model.state_dict()[f"{name}.weight"]
    assert torch.allclose(after, before + added, atol=1e-6)
    assert np.allclose(settled.encode(list(TEXTS)), shown, atol=1e-5)
    assert set(settled.state_dict()) == set(base.load().state_dict())


def test_training_moves_it_and_the_folder_is_sentence_transformers_own(
    base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    after, ctx = fit(base, tmp_path)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])
    files = {p.name for p in after.encoder.folder().rglob("*") if p.is_file()}
    assert not any("adapter" in name for name in files)
    plain = SentenceTransformer(str(after.encoder.folder()), device="cpu")
    moved, before = plain.state_dict(), base.load().state_dict()
    changed = {name for name in before if not torch.equal(moved[name], before[name])}
    assert any("attention.self.query.weight" in name for name in changed)
    assert not any("embeddings" in name or "bias" in name for name in changed)


def test_a_training_that_goes_on_ends_the_same_and_a_second_round_begins_at_the_sum(
    base: Encoder, tmp_path: Path
) -> None:
    whole, _ = fit(base, tmp_path / "whole", steps=6, save_every=2)

    def track(rows: Any, what: str, total: Any) -> Any:
        del what, total
        for number in rows:
            if number == 5:
                raise KeyboardInterrupt
            yield number

    settings: Any = {"steps": 6, "batch": 6, "candidates": 3, "learning_rate": 1e-2}
    part = Fit(loss=KLDivergence(student_temperature=0.05), warmup=2, save_every=2, **settings)
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path / "cut", track=track)
    start = LowRank(rank=4)(Student(encoder=base))
    with pytest.raises(KeyboardInterrupt):
        part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx)
    assert (tmp_path / "cut" / "checkpoints" / "checkpoint-4").is_dir()
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path / "cut")
    again = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx)
    one, two = (s.encoder.load().encode(list(TEXTS)) for s in (whole, again))
    assert np.array_equal(one, two)
    model = LowRank(rank=4).prepare(again.encoder.load())
    assert np.allclose(model.encode(list(TEXTS)), one, atol=1e-6)


@pytest.mark.parametrize("settings", [{"rank": 0}, {"alpha": 0}, {"training_tokens": 2}])
def test_settings_under_which_nothing_learns_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        LowRank(**settings)


def test_its_matrices_are_taken_up_when_it_is_saved() -> None:
    assert isinstance(LowRank(), Settles)
