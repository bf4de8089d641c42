"""PPO reproduces [051] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PPO, PolicyGradient
from acclimate.testing import behaviour

PLAIN = PPO(temperature=1.0)
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def logs(*rows: tuple[float, ...]) -> torch.Tensor:
    return tensor(*rows).log()


def test_gains_are_clipped_and_losses_are_not() -> None:
    """[051]: ρ = 1.5 with A = 1 counts 1.2; ρ = 0.5 with A = −1 counts −0.8: −½ (1.2 − 0.8)."""
    loss = PLAIN(logs((0.75, 0.25)), tensor((1, -1)), TWO)
    assert loss.item() == pytest.approx(-0.2)


def test_a_move_the_wrong_way_is_charged_in_full() -> None:
    """ρ = 1.5 with A = −1 counts −1.5; ρ = 0.5 with A = 1 counts 0.5: −½ (−1.5 + 0.5)."""
    loss = PLAIN(logs((0.75, 0.25)), tensor((-1, 1)), TWO)
    assert loss.item() == pytest.approx(0.5)


def test_within_the_clip_nothing_is_cut() -> None:
    """ρ = 1.1 and 0.9: −½ (1.1 − 0.9); and with a clip of a half 1.5 and 0.5 are whole."""
    assert PLAIN(logs((0.55, 0.45)), tensor((1, -1)), TWO).item() == pytest.approx(-0.1)
    wide = PPO(clip=0.5, temperature=1.0)(logs((0.75, 0.25)), tensor((1, -1)), TWO)
    assert wide.item() == pytest.approx(-0.5)


def test_advantages_and_ratios_are_over_the_policy_before() -> None:
    """q = (0.8, 0.2), R = (1, 0): A = (0.2, −0.8); p = (0.88, 0.12): ρ = (1.1, 0.6 → 0.8).

    −[0.8 · 1.1 · 0.2 + 0.2 · 0.8 · −0.8].
    """
    loss = PLAIN(logs((0.88, 0.12)), tensor((1, 0)), TWO, logs((0.8, 0.2)))
    assert loss.item() == pytest.approx(-(0.176 - 0.128))


def test_before_the_first_update_it_is_the_policy_gradient() -> None:
    """ρ = 1 everywhere: the loss is 0, and the gradient −p (R − Σ p R)."""
    found = []
    for loss, more in ((PLAIN, (logs((0.5, 0.3, 0.2)),)), (PolicyGradient(temperature=1.0), ())):
        scores = logs((0.5, 0.3, 0.2)).requires_grad_()
        loss(scores, tensor((0, 1, 3)), THREE, *more).backward()
        assert scores.grad is not None
        found.append(scores.grad[0].tolist())
    assert found[0] == pytest.approx(found[1])
    assert PLAIN(scores, tensor((0, 1, 3)), THREE, scores).item() == pytest.approx(0)


def test_past_the_clip_there_is_no_gradient_left() -> None:
    scores = logs((0.75, 0.25)).requires_grad_()
    PLAIN(scores, tensor((1, -1)), TWO).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[0, 0]]


def test_rewards_telescope() -> None:
    """[051]: likelihoods 0.10 → 0.25 → 0.20 → 0.40 are gains whose sum is last less first.

    A constant added to all rewards changes no advantage.
    """
    gains = tensor((0.10, 0.25, 0.20, 0.40)).diff(dim=1)
    assert gains[0].tolist() == pytest.approx([0.15, -0.05, 0.20])
    scores = logs((0.5, 0.3, 0.2))
    moved = PLAIN(scores, gains + 7, THREE).item()
    assert moved == pytest.approx(PLAIN(scores, gains, THREE).item())


def test_the_policy_before_does_not_learn() -> None:
    scores, reference = logs((0.55, 0.45)).requires_grad_(), logs((0.5, 0.5)).requires_grad_()
    PLAIN(scores, tensor((1, -1)), TWO, reference).backward()
    assert reference.grad is None


def test_the_temperature_divides_scores_and_reference() -> None:
    scores, reference = logs((0.88, 0.12)), logs((0.8, 0.2))
    loss = PPO(temperature=0.5)(scores / 2, tensor((1, 0)), TWO, reference / 2)
    assert loss.item() == pytest.approx(-(0.176 - 0.128))


def test_queries_are_averaged_and_masked_documents_are_not_drawn() -> None:
    """q = (½, ¼, ¼), R = (1, 0, 0), A = (½, −½, −½), p = (0.55, 0.25, 0.2), ρ = (1.1, 1, 0.8).

    −[½ · 1.1 · ½ − ¼ · 1 · ½ − ¼ · 0.8 · ½] = −0.05; the second −0.2; the third has no choice.
    """
    scores = logs((0.55, 0.25, 0.2), (0.75, 0.25, 0.9), (1, 1, 1))
    targets = tensor((1, 0, 0), (1, -1, 9), (1, 1, 1))
    reference = logs((0.5, 0.25, 0.25), (0.5, 0.5, 0.9), (1, 1, 1))
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    assert PLAIN(scores, targets, mask, reference).item() == pytest.approx(-(0.05 + 0.2) / 2)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"clip": 0.0}, {"clip": 1.5}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        PPO(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(PPO(), folder="losses")
