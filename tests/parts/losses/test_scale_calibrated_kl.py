"""ScaleCalibratedKL reproduces [004] by hand."""

import pytest
import torch

from acclimate.parts.losses import KLDivergence, ScaleCalibratedKL
from acclimate.testing import behaviour

LOSS = ScaleCalibratedKL(anchor=0.5)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


TARGETS = tensor((1, 0))
ALL = torch.ones(1, 2, dtype=torch.bool)


def test_the_value_of_pearl() -> None:
    """[004]: P = (.506480, .186324, .307196), CE 1.029382 less entropy: KL 0.009191."""
    assert LOSS(tensor((0.8, -0.2)), TARGETS, ALL).item() == pytest.approx(0.009191, abs=5e-7)


def test_it_is_the_cross_entropy_less_the_teachers_entropy() -> None:
    """[004]: CE = 1.029382."""
    chances = tensor((0.506480, 0.186324, 0.307196))
    entropy = -(chances * chances.log()).sum().item()
    value = LOSS(tensor((0.8, -0.2)), TARGETS, ALL).item()
    assert value + entropy == pytest.approx(1.029382, abs=2e-6)


def test_its_minimum_is_at_the_targets_less_the_anchor() -> None:
    """[004]: at s = y − y0 it is 0."""
    scores = (TARGETS - 0.5).requires_grad_()
    value = LOSS(scores, TARGETS, ALL)
    value.backward()
    assert value.item() == pytest.approx(0, abs=1e-12)
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([0, 0], abs=1e-12)


def test_adding_a_constant_to_all_scores_costs_and_at_the_plain_divergence_does_not() -> None:
    """[004]: 1 more on both scores: 0.091295, against 0."""
    moved = TARGETS - 0.5 + 1
    plain = KLDivergence(teacher_temperature=1.0, student_temperature=1.0)
    assert LOSS(moved, TARGETS, ALL).item() == pytest.approx(0.091295, abs=5e-7)
    assert plain(moved, TARGETS, ALL).item() == pytest.approx(0, abs=1e-12)


def test_one_document_is_enough_to_learn_from() -> None:
    """P = (½, ½), Q = (¾, ¼): ½ ln ⅔ + ½ ln 2 = 0.143841."""
    plain, one = ScaleCalibratedKL(), torch.ones(1, 1, dtype=torch.bool)
    value = plain(tensor((3,)).log(), tensor((0,)), one)
    assert value.item() == pytest.approx(0.143841, abs=5e-7)
    assert plain.counts(tensor((0,)), one).tolist() == [True]


def test_the_mean_is_over_queries_with_a_document_and_masked_cells_are_nothing() -> None:
    """(0.009191 + 0) / 2; the third query has no document."""
    nan = float("nan")
    scores = tensor((0.8, -0.2, nan), (0.5, -0.5, 7), (1, 1, 1)).requires_grad_()
    targets = tensor((1, 0, nan), (1, 0, 3), (1, 0, 0))
    mask = torch.tensor([[True, True, False]] * 2 + [[False] * 3])
    value = LOSS(scores, targets, mask)
    value.backward()
    assert value.item() == pytest.approx(0.009191 / 2, abs=5e-7)
    assert LOSS.counts(targets, mask).tolist() == [True, True, False]
    assert scores.grad is not None
    assert scores.grad.isfinite().all()


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
    behaviour.check_all(ScaleCalibratedKL(), folder="losses")
    assert ScaleCalibratedKL().zero_at_teacher
    assert not LOSS.zero_at_teacher
    assert LOSS.compares_units
