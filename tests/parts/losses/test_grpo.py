"""GRPO reproduces [047] by hand."""

from math import log, sqrt

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import GRPO
from acclimate.testing import behaviour

PLAIN = GRPO(divergence=0.0, temperature=1.0)
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def logs(*rows: tuple[float, ...]) -> torch.Tensor:
    return tensor(*rows).log()


def test_the_advantages_of_a_group() -> None:
    """[047]: rewards 1, ½, ½, 0: mean ½, standard deviation √⅛."""
    found = GRPO().advantages(tensor((1, 0.5, 0.5, 0)), torch.ones(1, 4, dtype=torch.bool))
    assert found[0].tolist() == pytest.approx([sqrt(2), 0, 0, -sqrt(2)])


def test_a_masked_document_is_not_of_the_group() -> None:
    """Of (3, 1, –): mean 2, standard deviation 1."""
    mask = torch.tensor([[True, True, False], [True] * 3])
    found = GRPO().advantages(tensor((3, 1, 50), (6, 0, 3)), mask)
    assert found[0].tolist() == pytest.approx([1, -1, 0])
    assert found[1].tolist() == pytest.approx([sqrt(1.5), -sqrt(1.5), 0])


def test_rewards_that_are_the_same_are_no_advantage() -> None:
    """Rounding is not taken for a difference: the mean of seven times 0.1 is not 0.1."""
    assert GRPO().advantages(tensor((0.3, 0.3, 0.3)), THREE).tolist() == [[0, 0, 0]]
    seven = torch.full((1, 7), 0.1)
    assert seven.sum() / 7 != seven[0, 0]
    assert not GRPO().advantages(seven, torch.ones(1, 7, dtype=torch.bool)).any()


def test_gains_are_clipped_and_losses_are_not() -> None:
    """A = (1, −1), ρ = (1.5, 0.5): −½ (1.2 − 0.8); the other way −½ (0.5 − 1.5)."""
    assert PLAIN(logs((0.75, 0.25)), tensor((5, 3)), TWO).item() == pytest.approx(-0.2)
    assert PLAIN(logs((0.75, 0.25)), tensor((3, 5)), TWO).item() == pytest.approx(0.5)
    wide = GRPO(clip=0.5, divergence=0.0, temperature=1.0)
    assert wide(logs((0.75, 0.25)), tensor((5, 3)), TWO).item() == pytest.approx(-0.5)


def test_ratios_are_to_the_policy_before() -> None:
    """p = (0.88, 0.12), q = (0.8, 0.2): ρ = (1.1, 0.6 → 0.8): −½ (1.1 − 0.8)."""
    loss = PLAIN(logs((0.88, 0.12)), tensor((1, 0)), TWO, logs((0.8, 0.2)))
    assert loss.item() == pytest.approx(-0.15)


def test_the_divergence_is_of_the_policy_from_the_one_before() -> None:
    """2 · (¾ ln ¾⁄½ + ¼ ln ¼⁄½) above −0.2; the other way it would be ½ ln 4⁄3."""
    loss = GRPO(divergence=2.0, temperature=1.0)(logs((0.75, 0.25)), tensor((1, 0)), TWO)
    distance = 0.75 * log(1.5) + 0.25 * log(0.5)
    assert loss.item() == pytest.approx(2 * distance - 0.2)


def test_the_gradient_lifts_what_is_better_than_its_group() -> None:
    """At ρ = 1: −½ (d p₀ / q₀ − d p₁ / q₁), p₀ (1 − p₀) = ¼ each: −½ and ½."""
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), TWO).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.5, 0.5])


def test_the_policy_before_does_not_learn() -> None:
    scores, reference = logs((0.55, 0.45)).requires_grad_(), logs((0.5, 0.5)).requires_grad_()
    GRPO()(scores, tensor((1, -1)), TWO, reference).backward()
    assert reference.grad is None


def test_the_temperature_divides_scores_and_reference() -> None:
    scores, reference = logs((0.88, 0.12)), logs((0.8, 0.2))
    loss = GRPO(divergence=0.0, temperature=0.5)
    value = loss(scores / 2, tensor((1, 0)), TWO, reference / 2)
    assert value.item() == pytest.approx(-0.15)


def test_queries_are_averaged_and_masked_documents_left_out() -> None:
    """A = (√1.5, −√1.5, 0), p = (0.4, 0.3, 0.3), ρ = (1.2, 0.9, 0.9): −⅓ · 0.3 √1.5.

    The second −0.2, with divergence 0.75 ln 1.5 + 0.25 ln 0.5; the third has no choice.
    """
    scores = logs((0.4, 0.3, 0.3), (0.75, 0.25, 0.9), (1, 1, 1))
    targets = tensor((6, 0, 3), (1, -1, 9), (1, 1, 1))
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    first, second = -0.1 * sqrt(1.5), -0.2
    assert PLAIN(scores, targets, mask).item() == pytest.approx((first + second) / 2)
    near = 0.4 * log(1.2) + 0.6 * log(0.9)
    far = 0.75 * log(1.5) + 0.25 * log(0.5)
    both = GRPO(divergence=1.0, temperature=1.0)(scores, targets, mask)
    assert both.item() == pytest.approx((first + near + second + far) / 2)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "settings", [{"temperature": 0.0}, {"clip": 0.0}, {"clip": 1.5}, {"divergence": -1.0}]
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        GRPO(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(GRPO(), folder="losses")
