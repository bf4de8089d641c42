"""Condenser by hand."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import Condenser
from acclimate.testing import behaviour

LOSS = Condenser(skip_from=1)
THERE = torch.ones(1, 3, dtype=torch.bool)


def test_it_is_the_sum_of_both_surprises() -> None:
    """Behind the head ln 8, at the top −ln ½ = ln 2."""
    flat = torch.zeros(1, 2, 8)
    sure = torch.tensor([[[0.5] + 7 * [0.5 / 7], 8 * [0.125]]]).log()
    value = LOSS(flat, sure, torch.tensor([[0, 5]]), torch.tensor([[True, False]]))
    assert value.item() == pytest.approx(math.log(8) + math.log(2))


def test_the_head_reads_the_last_first_token_and_the_early_others() -> None:
    """[h_last_CLS; h_skip_tokens], layers counted from the embeddings."""
    states = [torch.full((1, 3, 2), float(layer)) for layer in range(4)]
    assert LOSS.joined(states)[0, :, 0].tolist() == [3, 1, 1]
    assert Condenser(skip_from=2).joined(states)[0].tolist() == [[3, 3], [2, 2], [2, 2]]


@pytest.mark.parametrize(("layers", "early"), [(12, 6), (6, 3), (5, 2), (2, 1), (1, 0)])
def test_without_a_word_the_layer_in_the_middle_is_read(layers: int, early: int) -> None:
    """[070]: skip_from 6, of a model of 12 layers."""
    states = [torch.full((1, 3, 2), float(layer)) for layer in range(layers + 1)]
    assert Condenser().joined(states)[0, :, 0].tolist() == [layers, early, early]


def test_a_layer_that_is_not_before_the_last_is_refused() -> None:
    states = [torch.zeros(1, 3, 2)] * 4
    with pytest.raises(RecipeError, match="reads layer 3, but the last one of the student is 3"):
        Condenser(skip_from=3).joined(states)


def test_other_tokens_learn_through_the_first_one_only() -> None:
    """What is told behind the head of the last token reaches the first token's last state."""
    late, early = (torch.randn(1, 3, 8, generator=torch.manual_seed(n)) for n in (0, 1))
    late, early = late.requires_grad_(), early.requires_grad_()
    LOSS.head(8, heads=2, seed=0)(LOSS.joined([early, early, late]), THERE)[0, 2, 0].backward()
    assert late.grad is not None
    assert early.grad is not None
    assert late.grad[0, 0].any()
    assert not late.grad[0, 1:].any()
    assert early.grad[0, 1:].any()
    assert not early.grad[0, 0].any()


def test_padding_is_not_looked_at() -> None:
    head, states = LOSS.head(8, heads=2, seed=0), torch.randn(1, 3, 8)
    mask = torch.tensor([[True, True, False]])
    changed = states.clone()
    changed[0, 2] = 7
    assert torch.allclose(head(states, mask)[0, :2], head(changed, mask)[0, :2])
    assert not torch.allclose(head(states, THERE)[0, :2], head(changed, THERE)[0, :2])


def test_a_head_has_its_layers_and_is_drawn_from_the_seed_alone() -> None:
    before = torch.get_rng_state()
    three = Condenser(layers=3).head(8, heads=2, seed=1).state_dict()
    again = Condenser(layers=3).head(8, heads=2, seed=1).state_dict()
    other = Condenser(layers=3).head(8, heads=2, seed=2).state_dict()
    assert torch.equal(before, torch.get_rng_state())
    assert {name.split(".")[1] for name in three} == {"0", "1", "2"}
    assert all(torch.equal(three[name], again[name]) for name in three)
    assert not all(torch.equal(three[name], other[name]) for name in three)
    assert three["layers.0.linear1.weight"].shape == (32, 8)


def test_the_head_is_the_same_each_time_it_is_called() -> None:
    head, states = LOSS.head(8, heads=2, seed=0), torch.randn(1, 3, 8)
    assert torch.equal(head(states, THERE), head(states, THERE))


@pytest.mark.parametrize("settings", [{"layers": 0}, {"skip_from": -1}])
def test_a_head_without_layers_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="1 layer or more"):
        Condenser(**settings)


def test_the_smallest_head_reads_the_embeddings_with_one_layer() -> None:
    states = [torch.full((1, 3, 2), float(layer)) for layer in range(2)]
    smallest = Condenser(skip_from=0, layers=1)
    assert smallest.joined(states)[0, :, 0].tolist() == [1, 0, 0]
    assert len(next(iter(smallest.head(2, heads=1, seed=0).children()))) == 1


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
