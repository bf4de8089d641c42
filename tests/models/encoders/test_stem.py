"""Stem: vectors before an adapter serve base, adapted and blends."""

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.models.encoders.blend import blend
from acclimate.models.encoders.dense import Dense
from acclimate.models.encoders.stem import record, stem_of
from acclimate.parts.students.adapter import Adapter
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration


@pytest.fixture
def adapted(encoder, tmp_path):
    model = Adapter().prepare(encoder.load())
    torch.manual_seed(0)
    torch.nn.init.normal_(model[-2].linear.weight, std=0.2)
    model.save_pretrained(str(tmp_path / "adapted"), create_model_card=False)
    record(encoder, tmp_path / "adapted")
    return Dense(str(tmp_path / "adapted"))


def test_vectors_by_way_of_the_stem_are_those_of_the_whole_model(adapted, tmp_path):
    whole = adapted.open("cpu").encode(list(TEXTS), kind="document")
    found = Local(device="cpu", folder=tmp_path / "engine").encode(adapted, TEXTS, kind="document")
    assert np.allclose(found, whole, atol=1e-6)


def test_a_text_is_encoded_once_for_base_adapted_and_blend(encoder, adapted, tmp_path):
    engine = Local(device="cpu", folder=tmp_path / "engine")
    engine.encode(encoder, TEXTS, kind="document")
    paid = engine.usage["encode"]["computed"]
    half = blend(encoder, adapted, 0.5, tmp_path / "half")
    engine.encode(adapted, TEXTS, kind="document")
    vectors = engine.encode(half, TEXTS, kind="document")
    assert engine.usage["encode"]["computed"] == paid > 0
    assert np.allclose(vectors, half.open("cpu").encode(list(TEXTS), kind="document"), atol=1e-6)


def test_the_stem_alone_is_the_base(encoder, adapted):
    stem = stem_of(adapted)
    assert stem is not None
    assert stem.fingerprint() == encoder.fingerprint()
    vectors = stem.open("cpu").encode(list(TEXTS), kind="query")
    assert np.allclose(vectors, encoder.open("cpu").encode(list(TEXTS), kind="query"), atol=1e-6)


def test_other_settings_or_no_record_give_no_stem(encoder, adapted):
    assert stem_of(encoder) is None
    assert stem_of(Dense(adapted.model, max_length=5)) is None
