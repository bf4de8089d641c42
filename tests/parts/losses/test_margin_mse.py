"""MarginMSE reproduces [019] and [P1] by hand."""

import pytest
import torch

from acclimate.parts.losses import MarginMSE
from acclimate.testing import behaviour

ALL = torch.ones(2, 2, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_margins_of_two_and_a_half_against_three_and_one_cost_0_625() -> None:
    """[019] [P1]: ((2 − 3)² + (0.5 − 1)²) / 2 = 0.625."""
    loss = MarginMSE()(tensor((3, 1), (1, 0.5)), tensor((4, 1), (2, 1)), ALL)
    assert loss.item() == pytest.approx(0.625)


def test_the_first_column_is_the_source() -> None:
    """Margins −2 and −0.5 against 3 and 1: (25 + 2.25) / 2."""
    loss = MarginMSE()(tensor((1, 3), (0.5, 1)), tensor((4, 1), (2, 1)), ALL)
    assert loss.item() == pytest.approx(13.625)


def test_three_documents_give_two_margins_and_not_three() -> None:
    """Margins 1 and 3 against 2 and 2: (1 + 1) / 2; the pair of columns 1 and 2 is not compared."""
    mask = torch.ones(1, 3, dtype=torch.bool)
    loss = MarginMSE()(tensor((4, 3, 1)), tensor((5, 3, 3)), mask)
    assert loss.item() == pytest.approx(1.0)


def test_each_query_counts_the_same_however_many_margins_it_has() -> None:
    """A query with margins off by 1 and 1, another with one margin off by 3: (1 + 9) / 2."""
    mask = torch.tensor([[True, True, True], [True, True, False]])
    loss = MarginMSE()(tensor((2, 1, 0), (3, 0, 9)), tensor((3, 1, 0), (6, 0, -9)), mask)
    assert loss.item() == pytest.approx(5.0)


def test_a_query_without_its_source_or_without_another_document_does_not_count() -> None:
    mask = torch.tensor([[True, True], [False, True], [True, False]])
    scores, targets = tensor((3, 1), (9, 1), (7, 2)), tensor((4, 1), (0, 0), (0, 0))
    assert MarginMSE()(scores, targets, mask).item() == pytest.approx(1.0)
    assert MarginMSE().counts(targets, mask).tolist() == [True, False, False]


def test_nothing_to_compare_is_no_loss_and_no_gradient() -> None:
    scores = tensor((3, 1)).requires_grad_()
    loss = MarginMSE()(scores, tensor((4, 1)), torch.tensor([[True, False]]))
    loss.backward()
    assert loss.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_the_gradient_pulls_the_source_up_where_its_margin_is_too_small() -> None:
    """d/ds₀ of (1 − 3)² is 2 · (1 − 3) = −4, d/ds₁ is 4."""
    scores = tensor((2, 1)).requires_grad_()
    MarginMSE()(scores, tensor((3, 0)), torch.ones(1, 2, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-4, 4]]


def test_masked_cells_may_hold_anything() -> None:
    mask = torch.tensor([[True, True, False]])
    scores = tensor((3, 1, float("nan"))).requires_grad_()
    loss = MarginMSE()(scores, tensor((4, 1, float("inf"))), mask)
    loss.backward()
    assert loss.item() == pytest.approx(1.0)
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-2, 2, 0]]


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(MarginMSE(), folder="losses")
    assert MarginMSE().zero_at_teacher
    assert MarginMSE().compares_units
