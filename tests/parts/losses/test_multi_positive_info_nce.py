"""MultiPositiveInfoNCE reproduces [088] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, MultiPositiveInfoNCE
from acclimate.testing import behaviour

PLAIN = MultiPositiveInfoNCE(temperature=1.0)
SCORES = torch.tensor([[2.0, 1.0, 0.0, -1.0]], dtype=torch.float64)
ALL = torch.ones(1, 4, dtype=torch.bool)


def relevant(*values: float) -> torch.Tensor:
    return torch.tensor([values], dtype=torch.float64)


def test_with_one_relevant_document_it_is_info_nce() -> None:
    """[088]: 0.440190, as InfoNCE."""
    one = relevant(1, 0, 0, 0)
    assert PLAIN(SCORES, one, ALL).item() == pytest.approx(0.440190, abs=5e-7)
    expected = InfoNCE(temperature=1.0)(SCORES, one, ALL).item()
    assert PLAIN(SCORES, one, ALL).item() == pytest.approx(expected)


def test_relevant_documents_do_not_compete() -> None:
    """[088]: n = e⁰ + e⁻¹; the mean of ln(1 + n / e²) = 0.169846 and ln(1 + n / e) = 0.407606."""
    value = PLAIN(SCORES, relevant(1, 0.5, 0, -1), ALL)
    assert value.item() == pytest.approx(0.288726, abs=5e-7)


def test_where_everything_is_relevant_nothing_is_lost() -> None:
    assert PLAIN(SCORES, relevant(1, 1, 1, 1), ALL).item() == 0


def test_the_temperature_divides() -> None:
    """Scores (0.1, 0) at 0.05 are logits (2, 0): ln(1 + e⁻²)."""
    value = MultiPositiveInfoNCE(temperature=0.05)(relevant(0.1, 0), relevant(1, 0), ALL[:, :2])
    assert value.item() == pytest.approx(0.126928, abs=5e-7)


def test_the_mean_is_over_queries_with_a_relevant_document_however_many() -> None:
    """(0.440190 + 0.288726) / 2; the third query has none, that of the fourth is cut off."""
    targets = torch.cat([relevant(1, 0, 0, 0), relevant(1, 1, 0, 0)] + 2 * [relevant(0, 0, 0, 0)])
    targets[3, 0], mask = 1, torch.ones(4, 4, dtype=torch.bool)
    mask[3, 0] = False
    value = PLAIN(SCORES.repeat(4, 1), targets, mask)
    assert value.item() == pytest.approx(0.364458, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False, False]


def test_a_masked_document_takes_no_probability() -> None:
    mask = torch.tensor([[True, True, False, False]])
    scores = relevant(2, 0, 90, float("nan")).requires_grad_()
    value = PLAIN(scores, relevant(1, 0, 1, 0), mask)
    value.backward()
    assert value.item() == pytest.approx(0.126928, abs=5e-7)
    assert scores.grad is not None
    assert scores.grad[0, 2:].tolist() == [0, 0]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        MultiPositiveInfoNCE(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    assert not PLAIN.in_batch
