"""Packed layers give what the layers they stand for give, and the same in any batch."""

import pytest
import torch
from torch import nn

from acclimate.models import packed
from acclimate.models.packed import PackedLinear, pack


class Block(nn.Module):
    """The wide half of a BERT block."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(32, 64)
        self.intermediate_act_fn = nn.GELU()
        self.back = nn.Linear(64, 32, bias=False)

    def forward(self, inputs):
        return self.back(self.intermediate_act_fn(self.dense(inputs)))


@pytest.fixture
def blocks(monkeypatch):
    """The same block twice, the second one packed whatever the processor gains from it."""
    monkeypatch.setattr(packed, "_able", lambda model: True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        plain = Block().eval()
    other = Block().eval()
    other.load_state_dict(plain.state_dict())
    pack(other)
    return plain, other


@pytest.fixture
def inputs():
    return torch.linspace(-3, 3, 6 * 5 * 32).reshape(6, 5, 32)


@torch.inference_mode()
def test_results_differ_by_rounding_only(blocks, inputs):
    plain, other = blocks
    assert isinstance(other.dense, PackedLinear)
    assert isinstance(other.intermediate_act_fn, nn.Identity)
    assert torch.allclose(other(inputs), plain(inputs), atol=1e-5)


@torch.inference_mode()
def test_a_row_is_the_same_in_any_batch(blocks, inputs):
    _, other = blocks
    whole = other(inputs)
    assert all(torch.equal(other(inputs[a:b]), whole[a:b]) for a, b in ((0, 2), (2, 5), (1, 6)))


@pytest.mark.skipif(
    not torch.ops.mkldnn._is_mkldnn_bf16_supported(),
    reason="this processor has no products of bfloat16 matrices; `precision.chosen` takes float32",
)
@torch.inference_mode()
def test_bfloat16_comes_from_the_same_weights(blocks, inputs):
    plain, other = blocks
    other.to(torch.bfloat16)
    assert torch.equal(other.dense.weight, plain.dense.weight.to(torch.bfloat16))
    found = other(inputs.to(torch.bfloat16)).float()
    assert torch.allclose(found, plain(inputs), atol=0.05)


def test_a_layer_whose_packed_form_is_not_close_stays(blocks, monkeypatch):
    monkeypatch.setattr(packed, "CLOSE", -1)
    block = Block()
    pack(block)
    assert type(block.dense) is nn.Linear
    assert isinstance(block.intermediate_act_fn, nn.GELU)


def test_another_activation_is_not_exchanged_for_gelu(blocks):
    block = Block()
    block.intermediate_act_fn = nn.ReLU()
    pack(block)
    assert isinstance(block.dense, PackedLinear)
    assert block.dense.activation == "none"
    assert isinstance(block.intermediate_act_fn, nn.ReLU)


def test_a_model_without_weights_stays_as_it_is():
    pack(nn.Identity())


def test_a_processor_without_the_wide_registers_keeps_plain_layers(monkeypatch):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "DEFAULT")
    block = Block()
    pack(block)
    assert type(block.dense) is nn.Linear
