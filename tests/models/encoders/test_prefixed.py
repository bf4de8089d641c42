"""A transformer behind learned keys and values: what it computes, and what it saves. [091]"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, XLMRobertaConfig, XLMRobertaModel

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense
from acclimate.models.encoders.prefixed import FOLDER, SETTINGS, WEIGHTS, Prefixed
from acclimate.models.family import saved
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration

LAYERS, HIDDEN, HEADS = 2, 32, 4


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Dense:
    return tiny_encoder(tmp_path_factory.mktemp("base"))


def prefixed(base: Dense, length: int, spread: float = 1.0) -> SentenceTransformer:
    """The base behind a prefix; a wide one, so that it is seen."""
    model = base.load()
    body = Prefixed.of(model[0], length)
    with torch.no_grad():
        body.prefix.mul_(spread / 0.02)
    return model


def test_a_prefix_of_nothing_is_the_backbone(base: Dense) -> None:
    """[091]: with l = 0 the output equals the backbone's."""
    model = prefixed(base, 0)
    assert np.array_equal(model.encode(list(TEXTS)), base.load().encode(list(TEXTS)))


def test_it_has_a_key_and_a_value_for_each_layer_and_place(base: Dense) -> None:
    """[091]: l · 2 · layers · hidden numbers: 5 · 2 · 2 · 32 = 640."""
    assert prefixed(base, 5)[0].prefix.shape == (5, 2 * LAYERS * HIDDEN)


def test_attention_sees_the_prefix_before_the_text(base: Dense) -> None:
    """The first layer by hand: softmax(q [K_p; K]ᵀ / √8) [V_p; V], head by head."""
    model = prefixed(base, 3)
    features = model.preprocess(["the pump must be primed"])
    layer = model.transformers_model.encoder.layer[0].attention.self
    places = torch.arange(3, 3 + features["input_ids"].shape[1])
    seen: dict[str, torch.Tensor] = {}
    layer.register_forward_hook(lambda _, given, made: seen.update(x=given[0], out=made[0]))
    with torch.no_grad():
        model(features)
        embedded = model.transformers_model.embeddings(
            features["input_ids"], position_ids=places[None]
        )
    assert torch.equal(seen["x"], embedded)
    keys, values = model[0].prefix.detach().view(3, 2 * LAYERS, HEADS, 8)[:, :2].unbind(1)
    with torch.no_grad():
        q, k, v = (
            part(seen["x"][0]).view(-1, HEADS, 8) for part in (layer.query, layer.key, layer.value)
        )
    k, v = torch.cat([keys, k]), torch.cat([values, v])
    weights = (torch.einsum("qhd,khd->hqk", q, k) / 8**0.5).softmax(dim=-1)
    by_hand = torch.einsum("hqk,khd->qhd", weights, v).reshape(-1, HIDDEN)
    assert torch.allclose(seen["out"][0], by_hand, atol=1e-5)


def test_a_text_does_not_hang_on_its_neighbours(base: Dense) -> None:
    model = prefixed(base, 4)
    alone = model.encode([TEXTS[0]])
    assert np.allclose(model.encode(list(TEXTS))[0], alone[0], atol=1e-5)
    assert not np.allclose(base.load().encode([TEXTS[0]]), alone, atol=1e-2)


def test_the_transformers_files_stay_and_the_prefix_lies_beside_them(
    base: Dense, tmp_path: Path
) -> None:
    """[091]: the saved file contains only the prefix."""
    model = prefixed(base, 4)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    whole = load_file(tmp_path / "model.safetensors")
    before = load_file(base.folder() / "model.safetensors")
    assert whole.keys() == before.keys()
    assert all(torch.equal(whole[name], before[name]) for name in before)
    (only,) = load_file(tmp_path / FOLDER / WEIGHTS).values()
    assert torch.equal(only, model[0].prefix)
    assert (tmp_path / FOLDER / SETTINGS).is_file()


def test_it_opens_again_where_our_class_is_trusted(base: Dense, tmp_path: Path) -> None:
    model = prefixed(base, 4)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    after = saved(model, tmp_path)
    assert after == Dense(str(tmp_path), trust_remote_code=True)
    assert np.array_equal(after.load().encode(list(TEXTS)), model.encode(list(TEXTS)))
    assert np.allclose(
        after.open("cpu").encode(TEXTS, kind="query"), model.encode(list(TEXTS)), atol=1e-5
    )
    with pytest.raises(ModelError, match="trust_remote_code=True"):
        Dense(str(tmp_path)).load()
    (tmp_path / FOLDER / WEIGHTS).unlink()
    with pytest.raises(ModelError, match="its prefix is lost"):
        after.load()


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
def test_peft_opens_the_two_without_us(base: Dense, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft", reason="needs the extra peft")
    model = prefixed(base, 4)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    features = model.preprocess(list(TEXTS))
    plain = AutoModel.from_pretrained(str(tmp_path))
    other = peft.PeftModel.from_pretrained(plain, str(tmp_path / FOLDER)).eval()
    ids, mask = features["input_ids"], features["attention_mask"]
    with torch.no_grad():
        theirs = other(input_ids=ids, attention_mask=mask).last_hidden_state
        ours = model(dict(features))["token_embeddings"]
    assert torch.allclose(theirs, ours, atol=1e-6)


def test_a_text_keeps_the_positions_that_the_prefix_leaves(base: Dense) -> None:
    """64 positions, of which a prefix takes 10; RoBERTa's first two are no token's."""
    assert prefixed(base, 8)[0].max_seq_length == 56
    short = replace(base, max_length=40)
    assert prefixed(short, 8)[0].max_seq_length == 40
    model = base.load()
    config = XLMRobertaConfig(
        vocab_size=200, hidden_size=HIDDEN, num_hidden_layers=1, num_attention_heads=HEADS,
        intermediate_size=HIDDEN, max_position_embeddings=66, pad_token_id=1,
    )  # fmt: skip
    model[0].model = XLMRobertaModel(config).eval()
    body = Prefixed.of(model[0], 10)
    assert body.max_seq_length == 54
    ids = torch.full((1, 54), 7)
    made = body({"input_ids": ids, "attention_mask": torch.ones_like(ids)})
    assert made["token_embeddings"].shape == (1, 54, HIDDEN)


def test_a_prefix_that_leaves_no_room_or_finds_no_keys_is_refused(base: Dense) -> None:
    with pytest.raises(ModelError, match="64 leaves no room"):
        Prefixed.of(base.load()[0], 64)
    model = base.load()
    model[0].model = torch.nn.Linear(2, 2)
    model[0].model.config = base.load()[0].model.config
    with pytest.raises(ModelError, match="Linear takes no keys and values"):
        Prefixed.of(model[0], 2)
