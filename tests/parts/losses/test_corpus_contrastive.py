"""CorpusContrastive reproduces [070] by hand."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import CorpusContrastive
from acclimate.testing import behaviour

PLAIN = CorpusContrastive()
BOTH = torch.tensor([True, True])
E1, E2 = torch.eye(2, dtype=torch.float64)


def test_the_value_of_cocondenser() -> None:
    """[070]: spans e1, e1 and e2, e2: ln(e + 2) − 1 = 0.551445."""
    spans = torch.stack([torch.stack([E1, E1]), torch.stack([E2, E2])])
    assert PLAIN(spans, BOTH).item() == pytest.approx(0.551445, abs=5e-7)


def test_the_partner_is_the_other_span_of_the_document() -> None:
    """[070]: spans e1, e2 and e1, e2: the alike ones are strangers: ln(e + 2) − 0."""
    spans = torch.stack([torch.stack([E1, E2]), torch.stack([E1, E2])])
    assert PLAIN(spans, BOTH).item() == pytest.approx(1.551445, abs=5e-7)


def test_with_three_spans_the_mean_over_the_partners_counts() -> None:
    """One document e1, e1, e2: the first two cost (ln(e + 1) − 1 + ln(e + 1)) / 2, the third
    ln 2."""
    spans = torch.stack([E1, E1, E2])[None]
    expected = (2 * (math.log(math.e + 1) - 0.5) + math.log(2)) / 3
    assert PLAIN(spans, torch.tensor([True])).item() == pytest.approx(expected)


def test_the_temperature_divides() -> None:
    spans = torch.stack([torch.stack([E1, E1]), torch.stack([E2, E2])])
    value = CorpusContrastive(temperature=0.25)(spans / 2, BOTH)
    assert value.item() == pytest.approx(0.551445, abs=5e-7)


def test_a_document_that_does_not_count_is_no_alternative() -> None:
    spans = torch.stack([torch.stack([E1, E1]), torch.stack([E2, E2]), torch.stack([E2, E1])])
    spans[2] = float("nan")
    spans.requires_grad_()
    value = PLAIN(spans, torch.tensor([True, True, False]))
    value.backward()
    assert value.item() == pytest.approx(0.551445, abs=5e-7)
    assert spans.grad is not None
    assert spans.grad.isfinite().all()
    assert not spans.grad[2].any()


def test_the_gradient_in_pieces_is_that_of_the_whole_batch() -> None:
    """[070]: vectors first, then their gradient through the encoder piece by piece."""
    texts = torch.randn(3, 2, 5, generator=torch.manual_seed(0), dtype=torch.float64)
    there = torch.ones(3, dtype=torch.bool)
    whole = torch.randn(5, 4, generator=torch.manual_seed(1), dtype=torch.float64)
    pieces = whole.clone().requires_grad_()
    whole.requires_grad_()
    PLAIN((texts @ whole).tanh(), there).backward()
    vectors = (texts @ pieces).tanh().detach().requires_grad_()
    (gradient,) = torch.autograd.grad(PLAIN(vectors, there), vectors)
    for row in range(3):
        ((texts[row] @ pieces).tanh() * gradient[row]).sum().backward()
    assert whole.grad is not None
    assert pieces.grad is not None
    assert torch.allclose(whole.grad, pieces.grad, atol=1e-12)


def test_a_span_alone_has_no_partner() -> None:
    with pytest.raises(RecipeError, match="2 spans or more"):
        PLAIN(torch.ones(3, 1, 4), torch.ones(3, dtype=torch.bool))


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        CorpusContrastive(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
