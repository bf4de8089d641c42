"""ListSoftmaxCE reproduces the contrastive term of [081]."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE
from acclimate.testing import behaviour

PLAIN = ListSoftmaxCE()


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_a_flat_student_is_surprised_by_ln_4() -> None:
    """[081]: CE of one relevant among four equal scores is ln 4 = 1.38629."""
    mask = torch.ones(1, 4, dtype=torch.bool)
    value = PLAIN(tensor((0, 0, 0, 0)), tensor((2, 1, 0, 0)), mask)
    assert value.item() == pytest.approx(1.38629, abs=5e-6)


def test_the_first_document_is_the_relevant_one_whatever_the_targets() -> None:
    """−ln(e² / (e² + e + 1)) = 0.407606; the targets point elsewhere."""
    mask = torch.ones(1, 3, dtype=torch.bool)
    value = PLAIN(tensor((2, 1, 0)), tensor((0, 0, 5)), mask)
    assert value.item() == pytest.approx(0.407606, abs=5e-7)


def test_the_gradient_lifts_the_first_document() -> None:
    scores = tensor((0, 0)).requires_grad_()
    PLAIN(scores, tensor((0, 0)), torch.ones(1, 2, dtype=torch.bool)).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.5, 0.5]]


def test_the_temperature_divides() -> None:
    """Scores (0.1, 0) at 0.05 are logits (2, 0)."""
    mask = torch.ones(1, 2, dtype=torch.bool)
    value = ListSoftmaxCE(temperature=0.05)(tensor((0.1, 0)), tensor((0, 0)), mask)
    assert value.item() == pytest.approx(0.126928, abs=5e-7)


def test_the_mean_is_over_queries_with_their_first_document_and_another() -> None:
    """(0.407606 + ln 3) / 2 = 0.753109."""
    mask = torch.ones(4, 3, dtype=torch.bool)
    mask[2, 0] = mask[3, 1:] = False
    scores = tensor((2, 1, 0), (5, 5, 5), (9, 1, 1), (1, 9, float("nan")))
    value = PLAIN(scores, torch.zeros(4, 3), mask)
    assert value.item() == pytest.approx(0.753109, abs=5e-7)
    assert PLAIN.counts(scores, mask).tolist() == [True, True, False, False]


def test_one_other_document_is_enough() -> None:
    """ln(1 + e⁻²), whichever of the others it is."""
    scores = torch.tensor([[2.0, 0.0, 0.0], [2.0, 0.0, 0.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True, False], [True, False, True]])
    assert PLAIN.counts(scores, mask).tolist() == [True, True]
    assert PLAIN(scores, scores, mask).item() == pytest.approx(0.126928, abs=5e-7)


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        ListSoftmaxCE(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    assert not PLAIN.in_batch
