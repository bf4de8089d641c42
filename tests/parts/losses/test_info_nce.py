"""InfoNCE reproduces [001] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE
from acclimate.testing import behaviour

ANY = InfoNCE(temperature=1.0)
EACH = InfoNCE(temperature=1.0, several="each")
SCORES = torch.tensor([[2.0, 1.0, 0.0, -1.0]], dtype=torch.float64)
ALL = torch.ones(1, 4, dtype=torch.bool)


def relevant(*values: float) -> torch.Tensor:
    return torch.tensor([values], dtype=torch.float64)


@pytest.mark.parametrize("loss", [ANY, EACH])
def test_one_relevant_document(loss: InfoNCE) -> None:
    """[001]: ln(e² + e + 1 + 1/e) − 2 = 0.440190."""
    assert loss(SCORES, relevant(1, 0, 0, 0), ALL).item() == pytest.approx(0.440190, abs=5e-7)


def test_of_several_relevant_documents_any_is_enough() -> None:
    """[001] disjunctive: −ln((e² + e) / (e² + e + 1 + 1/e)) = 0.126928."""
    assert ANY(SCORES, relevant(1, 1, 0, 0), ALL).item() == pytest.approx(0.126928, abs=5e-7)


def test_of_several_relevant_documents_each_is_asked_for() -> None:
    """[001] conjunctive: the sum 0.440190 + 1.440190 = 1.880379."""
    assert EACH(SCORES, relevant(1, 1, 0, 0), ALL).item() == pytest.approx(1.880379, abs=5e-7)


def test_the_gradient_lifts_the_relevant_document_and_lowers_the_others() -> None:
    """Two documents of equal score: p = (½, ½), the gradient is p − y = (−½, ½)."""
    scores = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    ANY(scores, relevant(1, 0), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.5, 0.5]]


def test_the_temperature_divides() -> None:
    """Scores (0.1, 0) at 0.05 are logits (2, 0): ln(1 + e⁻²) = 0.126928."""
    loss = InfoNCE(temperature=0.05)(relevant(0.1, 0), relevant(1, 0), ALL[:, :2])
    assert loss.item() == pytest.approx(0.126928, abs=5e-7)


def test_relevant_is_what_has_a_target_above_zero() -> None:
    assert ANY(SCORES, relevant(0.1, -5, 0, 0), ALL).item() == pytest.approx(0.440190, abs=5e-7)


def test_the_mean_is_over_the_queries_with_a_relevant_document() -> None:
    """The first query costs 0.440190, the second has nothing to learn, the third is cut off."""
    scores = SCORES.repeat(3, 1)
    targets = torch.cat([relevant(1, 0, 0, 0), relevant(0, 0, 0, 0), relevant(1, 0, 0, 0)])
    mask = torch.ones(3, 4, dtype=torch.bool)
    mask[2, 0] = False
    assert ANY(scores, targets, mask).item() == pytest.approx(0.440190, abs=5e-7)
    assert ANY.counts(targets, mask).tolist() == [True, False, False]


@pytest.mark.parametrize("loss", [ANY, EACH])
def test_a_query_without_a_relevant_document_gives_finite_gradients(loss: InfoNCE) -> None:
    scores = SCORES.clone().requires_grad_()
    loss(scores, relevant(0, 0, 0, 0), ALL).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[0, 0, 0, 0]]


def test_a_masked_document_takes_no_probability() -> None:
    mask = torch.tensor([[True, True, False, False]])
    loss = ANY(relevant(2, 0, 90, float("nan")), relevant(1, 0, 1, 1), mask)
    assert loss.item() == pytest.approx(0.126928, abs=5e-7)


@pytest.mark.parametrize("temperature", [-1.0, 0.0])
def test_a_temperature_that_is_not_above_zero_is_refused(temperature: float) -> None:
    with pytest.raises(RecipeError, match="above 0"):
        InfoNCE(temperature=temperature)


@pytest.mark.parametrize("loss", [ANY, EACH])
def test_it_obeys_the_laws_of_losses(loss: InfoNCE) -> None:
    behaviour.check_all(loss, folder="losses")
