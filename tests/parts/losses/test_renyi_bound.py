"""RenyiBound reproduces [005] by hand."""

from math import inf, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import MarginalLikelihood, RenyiBound
from acclimate.testing import behaviour

ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def logs(*rows: tuple[float, ...]) -> torch.Tensor:
    return tensor(*rows).log()


SCORES, TARGETS, PROPOSAL = logs((0.5, 0.3, 0.2)), logs((0.1, 0.6, 0.3)), logs((0.2, 0.2, 0.6))


def bound(alpha: float) -> RenyiBound:
    return RenyiBound(alpha=alpha, temperature=1.0)


@pytest.mark.parametrize(("alpha", "value"), [(0, -1.237874), (0.5, -1.470134), (1, -1.679882)])
def test_the_values_of_vod(alpha: float, value: float) -> None:
    """[005]: at 0 ln 0.29; at 1 0.2 ln 0.25 + 0.2 ln 0.9 + 0.6 ln 0.1; between them at ½."""
    loss = bound(alpha)(SCORES, TARGETS, ALL, PROPOSAL)
    assert -loss.item() == pytest.approx(value, abs=5e-7)


def test_at_one_half_by_hand() -> None:
    """2 ln(0.2 √0.25 + 0.2 √0.9 + 0.6 √0.1)."""
    value = 2 * log(0.2 * 0.25**0.5 + 0.2 * 0.9**0.5 + 0.6 * 0.1**0.5)
    assert -bound(0.5)(SCORES, TARGETS, ALL, PROPOSAL).item() == pytest.approx(value)


@pytest.mark.parametrize("reference", [None, PROPOSAL, SCORES])
def test_at_0_it_is_the_likelihood_whatever_the_proposal(reference: torch.Tensor | None) -> None:
    """[005]: log 0.29 exactly."""
    loss = bound(0)(SCORES, TARGETS, ALL, reference)
    assert loss.item() == pytest.approx(-log(0.29))
    likelihood = MarginalLikelihood(temperature=1.0)(SCORES, TARGETS, ALL)
    assert loss.item() == pytest.approx(likelihood.item())


def test_without_a_reference_the_proposal_was_uniform() -> None:
    """At 1: the mean of ln(3 · 0.05), ln(3 · 0.18), ln(3 · 0.06)."""
    value = (log(0.15) + log(0.54) + log(0.18)) / 3
    assert -bound(1)(SCORES, TARGETS, ALL).item() == pytest.approx(value)


DRAWN = logs((0.5, 1.5))
"""Weights of the first two documents, which stand for all three."""


@pytest.mark.parametrize(
    ("alpha", "value"),
    [(0, log((0.25 * 0.25 + 0.75 * 0.9) / 1.75)),
     (1, 0.25 * log(0.25) + 0.75 * log(0.9) - log(1.75))],
    ids=["0", "1"],
)  # fmt: skip
def test_documents_that_were_drawn_have_the_weights_of_the_draw(alpha: int, value: float) -> None:
    """[005]: s = (¼, ¾), e^ζ = (2.5, 1.5): Σ s e^ζ = 1.75, and likelihoods · e^ζ = (0.25, 0.9)."""
    two = ALL[:, :2]
    loss = bound(alpha)(SCORES[:, :2], TARGETS[:, :2], two, PROPOSAL[:, :2], DRAWN)
    assert -loss.item() == pytest.approx(value)
    cold = RenyiBound(alpha=alpha, temperature=0.5)
    scores, proposal = SCORES[:, :2] / 2, PROPOSAL[:, :2] / 2
    assert cold(scores, TARGETS[:, :2], two, proposal, DRAWN).item() == pytest.approx(-value)


def test_where_all_are_drawn_their_weights_are_the_proposals() -> None:
    """[005]: −1.470134 at ½."""
    loss = bound(0.5)(SCORES, TARGETS, ALL, PROPOSAL, PROPOSAL)
    assert -loss.item() == pytest.approx(-1.470134, abs=5e-7)


def test_a_proposal_as_the_student_gives_the_mean_logarithm() -> None:
    """At 1 with p itself: Σ p ln t."""
    value = 0.5 * log(0.1) + 0.3 * log(0.6) + 0.2 * log(0.3)
    assert -bound(1)(SCORES, TARGETS, ALL, SCORES).item() == pytest.approx(value)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_the_gradient_is_that_of_the_published_surrogate(alpha: float) -> None:
    """softmax(ln u + ζ) less w, with w = softmax(ln u + (1 − alpha) (t + ζ))."""
    scores = SCORES.clone().requires_grad_()
    bound(alpha)(scores, TARGETS, ALL, PROPOSAL).backward()
    zeta = SCORES - PROPOSAL
    plain = (PROPOSAL + zeta).softmax(dim=1)
    weights = (PROPOSAL + (1 - alpha) * (TARGETS + zeta)).softmax(dim=1)
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx((plain - weights)[0].tolist())


def test_the_proposal_does_not_learn() -> None:
    reference = PROPOSAL.clone().requires_grad_()
    scores = SCORES.clone().requires_grad_()
    bound(0.5)(scores, TARGETS, ALL, reference).backward()
    assert reference.grad is None


def test_the_temperature_divides_scores_and_proposal() -> None:
    loss = RenyiBound(alpha=0.5, temperature=0.5)(SCORES / 2, TARGETS, ALL, PROPOSAL / 2)
    assert -loss.item() == pytest.approx(-1.470134, abs=5e-7)


@pytest.mark.parametrize(("alpha", "value"), [(0, -1.237874), (0.5, -1.470134), (1, -1.679882)])
def test_queries_are_averaged_and_masked_documents_left_out(alpha: float, value: float) -> None:
    """The second: two documents alike, so its bound is their likelihood, ln 0.4."""
    scores, targets = (
        torch.cat([SCORES, tensor((1, 1, 9))]),
        torch.cat([TARGETS, logs((0.4, 0.4, 0.9))]),
    )
    reference = torch.cat([PROPOSAL, tensor((3, 3, 5))])
    mask = torch.tensor([[True] * 3, [True, True, False]])
    loss = bound(alpha)(scores, targets, mask, reference)
    assert -loss.item() == pytest.approx((value + log(0.4)) / 2, abs=5e-7)


def test_which_queries_count() -> None:
    """At 1 every document must allow the answer; below one is enough."""
    targets = tensor((0, -inf, 0), (0, 0, -inf), (-inf, -inf, 0), (0, 0, 0))
    mask = torch.tensor(
        [[True] * 3, [True, True, False], [True, True, False], [True, False, False]]
    )
    assert bound(0).counts(targets, mask).tolist() == [True, True, False, False]
    assert bound(1).counts(targets, mask).tolist() == [False, True, False, False]


def test_what_cannot_be_learned_from_gives_finite_gradients() -> None:
    for alpha in (0.0, 0.5, 1.0):
        scores = tensor((1, 2)).requires_grad_()
        bound(alpha)(scores, tensor((-inf, -inf)), ALL[:, :2]).backward()
        assert scores.grad is not None
        assert scores.grad.tolist() == [[0, 0]]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        RenyiBound(temperature=0.0)


@pytest.mark.parametrize("alpha", [-0.1, 1.1])
def test_alpha_lies_between_0_and_1(alpha: float) -> None:
    with pytest.raises(RecipeError, match="between 0 and 1"):
        RenyiBound(alpha=alpha)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_it_obeys_the_laws_of_losses(alpha: float) -> None:
    behaviour.check_all(bound(alpha), folder="losses")
    behaviour.check_all(RenyiBound(alpha=alpha), folder="losses")
