"""PointwiseMSE is (R − e)² of [119], by hand."""

import pytest
import torch

from acclimate.parts.losses import PointwiseMSE
from acclimate.testing import behaviour

LOSS = PointwiseMSE()


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_scores_are_compared_with_the_fitted_strengths() -> None:
    """[119]: strengths (1.1579, −0.4991, −0.6588), a reranker that says 1, 0, −1."""
    mask = torch.ones(1, 3, dtype=torch.bool)
    loss = LOSS(tensor((1, 0, -1)), tensor((1.1579, -0.4991, -0.6588)), mask)
    assert loss.item() == pytest.approx((0.1579**2 + 0.4991**2 + 0.3412**2) / 3)


def test_a_constant_matters() -> None:
    """(3 − 1)² and (3 − 2)²."""
    loss = LOSS(tensor((3, 3)), tensor((1, 2)), torch.ones(1, 2, dtype=torch.bool))
    assert loss.item() == pytest.approx(2.5)


def test_the_gradient_is_twice_the_error_over_the_documents() -> None:
    scores = tensor((3, 1)).requires_grad_()
    LOSS(scores, tensor((1, 2)), torch.ones(1, 2, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[2, -1]]


def test_each_query_counts_the_same_however_many_documents_it_has() -> None:
    """(4 + 1 + 1) / 3 = 2 and 16: their mean; the third has no document."""
    mask = torch.tensor([[True] * 3, [True, False, False], [False] * 3])
    scores, targets = (
        tensor((3, 3, 0), (5, 8, 8), (1, 1, 1)),
        tensor((1, 2, 1), (1, 0, 0), (0, 0, 0)),
    )
    assert LOSS(scores, targets, mask).item() == pytest.approx(9)
    assert LOSS.counts(targets, mask).tolist() == [True, True, False]


def test_masked_cells_may_hold_anything() -> None:
    scores = tensor((3, float("nan"))).requires_grad_()
    LOSS(scores, tensor((1, float("inf"))), torch.tensor([[True, False]])).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[4, 0]]


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
    assert LOSS.zero_at_teacher
    assert LOSS.compares_units
