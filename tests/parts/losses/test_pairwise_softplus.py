"""PairwiseSoftplus reproduces [113] by hand."""

from math import exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PairwiseSoftplus
from acclimate.testing import behaviour

PLAIN = PairwiseSoftplus(temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


def test_the_values_of_star() -> None:
    """[113]: a relevant document at 2, others at 1 and 2.5: (0.313262 + 0.974077) / 2."""
    loss = PLAIN(tensor((2, 1, 2.5)), tensor((1, 0, 0)), ALL)
    assert loss.item() == pytest.approx(0.643669, abs=5e-7)


def test_several_relevant_documents_are_each_set_against_each_other_one() -> None:
    """Relevant at 2 and 0, another at 1: margins 1 and −1; the relevant two are no pair."""
    loss = PLAIN(tensor((2, 0, 1)), tensor((1, 3, 0)), ALL)
    assert loss.item() == pytest.approx((softplus(-1) + softplus(1)) / 2)


def test_a_target_of_zero_or_less_is_not_relevant() -> None:
    loss = PLAIN(tensor((2, 0, 1)), tensor((1, 0, -2)), ALL)
    assert loss.item() == pytest.approx((softplus(-2) + softplus(-1)) / 2)


def test_the_gradient_lifts_the_relevant_document() -> None:
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.5, 0.5]]


def test_the_temperature_divides() -> None:
    loss = PairwiseSoftplus(temperature=0.25)(tensor((0, 1)), tensor((1, 0)), ALL[:, :2])
    assert loss.item() == pytest.approx(softplus(4))


def test_each_query_counts_the_same_however_many_pairs_it_has() -> None:
    """Two pairs with mean 0.643669; one with softplus(1); queries with one kind of documents."""
    scores = tensor((2, 1, 2.5), (1, 2, 0), (4, 1, 2), (4, 1, 2))
    targets = tensor((1, 0, 0), (1, 0, 0), (1, 1, 1), (0, 0, 0))
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3, [True] * 3])
    loss = PLAIN(scores, targets, mask)
    assert loss.item() == pytest.approx((0.643669 + softplus(1)) / 2, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False, False]


def test_a_masked_document_is_neither_relevant_nor_not() -> None:
    mask = torch.tensor([[True, True, False]])
    assert PLAIN.counts(tensor((1, 1, 0)), mask).tolist() == [False]
    assert PLAIN.counts(tensor((0, 0, 1)), mask).tolist() == [False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        PairwiseSoftplus(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(PairwiseSoftplus(in_batch=True), folder="losses")
