"""TrueFalse is the cross-entropy of two tokens, [031] and [106], by hand."""

from math import exp, log

import pytest
import torch
from torch.nn import functional

from acclimate.errors import RecipeError
from acclimate.parts.losses import TrueFalse
from acclimate.testing import behaviour

LOSS = TrueFalse()
TWO = torch.ones(1, 2, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


def test_it_is_the_softmax_of_the_two_tokens() -> None:
    """[031] [106]: logits of true and false (2, ½) for a relevant one, (1, 3) for another."""
    true, false = tensor((2, 1)), tensor((0.5, 3))
    pairs = torch.stack([true[0], false[0]], dim=1)
    expected = functional.cross_entropy(pairs, torch.tensor([0, 1]))
    assert LOSS(true - false, tensor((1, 0)), TWO).item() == pytest.approx(expected.item())
    assert expected.item() == pytest.approx((softplus(-1.5) + softplus(-2)) / 2)


def test_each_document_is_judged_by_itself() -> None:
    """[106]: one relevant at 1, one not at 1: softplus(−1) and softplus(1)."""
    loss = LOSS(tensor((1, 1)), tensor((1, 0)), TWO)
    assert loss.item() == pytest.approx((softplus(-1) + softplus(1)) / 2)


def test_a_target_of_zero_or_less_is_false() -> None:
    loss = LOSS(tensor((1, 2)), tensor((0, -3)), TWO)
    assert loss.item() == pytest.approx((softplus(1) + softplus(2)) / 2)


def test_the_gradient_is_the_probability_less_the_label() -> None:
    """σ(0) − 1 and σ(0) − 0, over two documents."""
    scores = tensor((0, 0)).requires_grad_()
    LOSS(scores, tensor((1, 0)), TWO).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.25, 0.25]]


def test_the_temperature_divides() -> None:
    loss = TrueFalse(temperature=0.5)(tensor((1,)), tensor((1,)), TWO[:, :1])
    assert loss.item() == pytest.approx(softplus(-2))


def test_each_query_counts_the_same_however_many_documents_it_has() -> None:
    """ln 2 of three documents; softplus(−1) of one; the third has none."""
    mask = torch.tensor([[True] * 3, [True, False, False], [False] * 3])
    scores, targets = (
        tensor((0, 0, 0), (1, 9, 9), (1, 1, 1)),
        tensor((1, 0, 1), (1, 0, 1), (1, 1, 1)),
    )
    assert LOSS(scores, targets, mask).item() == pytest.approx((log(2) + softplus(-1)) / 2)
    assert LOSS.counts(targets, mask).tolist() == [True, True, False]


def test_masked_cells_may_hold_anything() -> None:
    scores = tensor((0, float("nan"))).requires_grad_()
    LOSS(scores, tensor((1, float("nan"))), torch.tensor([[True, False]])).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.5, 0]]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        TrueFalse(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
    behaviour.check_all(TrueFalse(temperature=0.05), folder="losses")
