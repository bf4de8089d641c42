"""MaskedLM by hand."""

import math

import pytest
import torch

from acclimate.parts.losses import MaskedLM
from acclimate.testing import behaviour

LOSS = MaskedLM()


def test_a_flat_model_is_surprised_by_the_size_of_its_vocabulary() -> None:
    """ln 8."""
    value = LOSS(torch.zeros(1, 2, 8), torch.tensor([[3, 5]]), torch.tensor([[True, False]]))
    assert value.item() == pytest.approx(math.log(8))


def test_the_mean_is_over_hidden_tokens_of_all_texts() -> None:
    """Chances ½, ¼ and ¼ of the three hidden tokens: (ln 2 + 2 ln 4) / 3; others are not looked
    at."""
    logits = torch.tensor(
        [
            [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [1.0, 0.0, 0.0]],
            [[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]],
        ]
    ).log()
    tokens = torch.tensor([[0, 1, 2], [2, 0, 1]])
    hidden = torch.tensor([[True, True, False], [True, False, False]])
    assert LOSS(logits, tokens, hidden).item() == pytest.approx((math.log(2) + 2 * math.log(4)) / 3)


def test_where_nothing_is_hidden_nothing_is_learnt() -> None:
    logits = torch.zeros(1, 2, 4).requires_grad_()
    value = LOSS(logits, torch.tensor([[1, 2]]), torch.tensor([[False, False]]))
    value.backward()
    assert value.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


def test_one_hidden_token_is_not_halved() -> None:
    value = LOSS(torch.zeros(1, 1, 2), torch.tensor([[1]]), torch.tensor([[True]]))
    assert value.item() == pytest.approx(math.log(2))


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
