"""SampledSoftmax reproduces [027] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE, SampledSoftmax
from acclimate.testing import behaviour

PLAIN = SampledSoftmax()
SCORES = torch.tensor([[1.0, 2.0, 0.0]], dtype=torch.float64)
DRAWN = torch.tensor([[0.25, 0.5, 0.25]], dtype=torch.float64)
ALL = torch.ones(1, 3, dtype=torch.bool)


def test_the_value_of_corr() -> None:
    """[027]: ln(4e + 2e² + 4) − ln 4e = 1.003210."""
    value = PLAIN(SCORES, torch.zeros(1, 3), ALL, DRAWN.log())
    assert value.item() == pytest.approx(1.003210, abs=5e-7)


def test_uniform_draws_change_nothing() -> None:
    """[027]: the correction is a constant; so is none."""
    expected = ListSoftmaxCE()(SCORES, SCORES, ALL).item()
    uniform = torch.full((1, 3), 0.1).log()
    assert PLAIN(SCORES, SCORES, ALL, uniform).item() == pytest.approx(expected)
    assert PLAIN(SCORES, SCORES, ALL).item() == pytest.approx(expected)


def test_many_corrected_draws_have_the_gradient_of_the_whole_softmax() -> None:
    """[027]: 3,000 draws of 20 out of 6 documents; the uncorrected mean is far away."""
    torch.manual_seed(0)
    scores = torch.tensor([0.0, 2.0, 1.0, -1.0, 0.5, -2.0], dtype=torch.float64)
    chances = torch.tensor([0.1, 0.3, 0.3, 0.1, 0.1, 0.1], dtype=torch.float64)
    draws, size = 3_000, 100
    others = torch.multinomial(chances[1:].repeat(draws, 1), size, replacement=True) + 1
    rows = torch.cat([torch.zeros(draws, 1, dtype=torch.long), others], dim=1)
    # the relevant document is there for sure, each other one `size` times its chance
    log_q = (size * chances / chances[1:].sum()).log()
    log_q[0] = 0
    mask = torch.ones(draws, size + 1, dtype=torch.bool)
    whole = scores.softmax(dim=0) - torch.eye(6, dtype=torch.float64)[0]
    errors = []
    for reference in (log_q[rows], None):
        moving = scores.clone().requires_grad_()
        PLAIN(moving[rows], mask.double(), mask, reference).backward()
        assert moving.grad is not None
        errors.append((moving.grad - whole).abs().max().item())
    assert errors[0] < 0.01
    assert errors[1] > 0.05


def test_the_temperature_divides_the_scores_and_not_the_correction() -> None:
    value = SampledSoftmax(temperature=0.05)(0.05 * SCORES, SCORES, ALL, DRAWN.log())
    assert value.item() == pytest.approx(1.003210, abs=5e-7)


def test_the_mean_is_over_queries_with_their_document_and_another() -> None:
    """(1.003210 + ln 3) / 2 = 1.050911."""
    scores = torch.cat([SCORES, SCORES * 0, SCORES, SCORES])
    reference = torch.cat([DRAWN, DRAWN * 0 + 1, DRAWN, DRAWN]).log()
    mask = torch.ones(4, 3, dtype=torch.bool)
    mask[2, 0] = mask[3, 1:] = False
    reference[3, 1] = float("nan")
    value = PLAIN(scores, scores, mask, reference)
    assert value.item() == pytest.approx(1.050911, abs=5e-7)
    assert PLAIN.counts(scores, mask).tolist() == [True, True, False, False]


def test_the_reference_learns_nothing() -> None:
    scores, reference = SCORES.clone().requires_grad_(), DRAWN.log().requires_grad_()
    PLAIN(scores, scores, ALL, reference).backward()
    assert scores.grad is not None
    assert reference.grad is None


def test_one_other_document_is_enough() -> None:
    """ln(1 + e⁻²), whichever of the others it is."""
    scores = torch.tensor([[2.0, 0.0, 0.0], [2.0, 0.0, 0.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True, False], [True, False, True]])
    assert PLAIN.counts(scores, mask).tolist() == [True, True]
    assert PLAIN(scores, scores, mask).item() == pytest.approx(0.126928, abs=5e-7)


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        SampledSoftmax(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
