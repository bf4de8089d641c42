"""Prefix: keys and values before each text learn, and nothing else. [091]"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.losses import KLDivergence
from acclimate.parts.part import Context
from acclimate.parts.students import Prefix
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration

THINGS = samples.things()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def fit(base: Encoder, ctx: Context, **settings: Any) -> Student:
    told = {"steps": 4, "batch": 6, "candidates": 3, "learning_rate": 5e-2, "warmup": 0}
    part = Fit(loss=KLDivergence(student_temperature=0.05), **(told | settings))
    start = Prefix(length=4)(Student(encoder=base))
    return part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx)


def within(folder: Path, **more: Any) -> Context:
    return Context(seed=1, engine=FakeEngine(), folder=folder, **more)


def test_what_learns_is_the_prefix_alone(base: Encoder) -> None:
    """[091]: l · 2 · layers · hidden: 4 · 2 · 2 · 32 = 512 numbers."""
    model = Prefix(length=4).prepare(base.load())
    ((name, weights),) = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    assert name == "0.prefix"
    assert weights.numel() == 4 * 2 * 2 * 32


def test_a_backbone_stays_bit_for_bit_and_serves_two_prefixes(
    base: Encoder, tmp_path: Path
) -> None:
    after = fit(base, within(tmp_path)).encoder
    moved, before = after.load(), base.load()
    kept = moved.transformers_model.state_dict()
    for name, tensor in before.transformers_model.state_dict().items():
        assert torch.equal(kept[name], tensor)
    texts = list(TEXTS)
    learned = moved.encode(texts)
    fresh = Prefix(length=4).prepare(before)
    assert not torch.equal(moved[0].prefix, fresh[0].prefix)
    with torch.no_grad():
        fresh[0].prefix.copy_(moved[0].prefix)
    assert np.allclose(fresh.encode(texts), learned, atol=1e-6)


def test_a_training_that_was_cut_ends_the_same_and_a_second_round_goes_on(
    base: Encoder, tmp_path: Path
) -> None:
    whole = fit(base, within(tmp_path / "whole"), save_every=2)

    def track(rows: Any, what: str, total: Any) -> Any:
        del what, total
        for number in rows:
            if number == 3:
                raise KeyboardInterrupt
            yield number

    with pytest.raises(KeyboardInterrupt):
        fit(base, within(tmp_path / "cut", track=track), save_every=2)
    again = fit(base, within(tmp_path / "cut"), save_every=2)
    one, two = (s.encoder.load()[0].prefix for s in (whole, again))
    assert torch.equal(one, two)
    model = Prefix(length=4).prepare(again.encoder.load())
    assert torch.equal(model[0].prefix, one)
    with pytest.raises(RecipeError, match="has a prefix of 4 already"):
        Prefix(length=5).prepare(again.encoder.load())


@pytest.mark.parametrize("settings", [{"length": 0}, {"training_tokens": 2}])
def test_settings_under_which_nothing_learns_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        Prefix(**settings)
