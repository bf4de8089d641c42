"""DPO reproduces [040] by hand."""

from math import exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import DPO
from acclimate.testing import behaviour

PLAIN = DPO(beta=0.5, temperature=1.0)
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


def test_at_the_policy_before_a_preference_costs_ln_2() -> None:
    """[040]: π = π_ref, whatever the scores."""
    scores = tensor((2, -1, 7))
    assert PLAIN(scores, tensor((1, 0, 2)), THREE, scores).item() == pytest.approx(0.693147)


def test_what_counts_is_how_far_the_pair_moved_apart() -> None:
    """The better one rose by 3, the other fell by 1: −ln σ(½ · 4)."""
    loss = PLAIN(tensor((5, 1)), tensor((1, 0)), TWO, tensor((2, 2)))
    assert loss.item() == pytest.approx(softplus(-2))


def test_it_is_the_ratio_of_policies() -> None:
    """p = (0.75, 0.25) from q = (0.6, 0.4): β [ln 0.75⁄0.6 − ln 0.25⁄0.4]."""
    loss = PLAIN(tensor((0.75, 0.25)).log(), tensor((1, 0)), TWO, tensor((0.6, 0.4)).log())
    expected = softplus(-0.5 * (log(0.75 / 0.6) - log(0.25 / 0.4)))
    assert loss.item() == pytest.approx(expected)


def test_without_a_reference_all_were_as_likely() -> None:
    assert PLAIN(tensor((0, 4)), tensor((1, 0)), TWO).item() == pytest.approx(softplus(2))


def test_the_gradient_parts_the_pair() -> None:
    """−β σ(0) and β σ(0)."""
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), TWO).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.25, 0.25]]


def test_rewards_within_the_margin_are_no_preference() -> None:
    """Of (2, 1, 0) only 2 and 0 differ by more than 1: moved apart by −1."""
    loss = DPO(beta=0.5, margin=1.0, temperature=1.0)
    value = loss(tensor((0, 9, 1)), tensor((2, 1, 0)), THREE)
    assert value.item() == pytest.approx(softplus(0.5))
    assert loss.counts(tensor((1, 0, 0.5)), THREE).tolist() == [False]


def test_the_policy_before_does_not_learn() -> None:
    scores, reference = tensor((2, 1)).requires_grad_(), tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), TWO, reference).backward()
    assert reference.grad is None


def test_the_temperature_divides_scores_and_reference() -> None:
    loss = DPO(beta=0.5, temperature=0.5)(tensor((5, 1)), tensor((1, 0)), TWO, tensor((2, 2)))
    assert loss.item() == pytest.approx(softplus(-4))


def test_queries_are_averaged_however_many_preferences_they_have() -> None:
    """Margins 1, 2 and 1 of the first, −2 of the second; the third prefers none."""
    scores, targets = (
        tensor((3, 2, 1), (1, 3, 9), (1, 2, 3)),
        tensor((2, 1, 0), (1, 0, 9), (1, 1, 1)),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    first = (2 * softplus(-0.5) + softplus(-1)) / 3
    assert PLAIN(scores, targets, mask).item() == pytest.approx((first + softplus(1)) / 2)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"beta": 0.0}, {"margin": -1.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        DPO(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(DPO(margin=0.3), folder="losses")
