"""PolicyGradient reproduces [043] and [115] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PolicyGradient
from acclimate.testing import behaviour

PLAIN = PolicyGradient(temperature=1.0)
LIKELIHOODS = PolicyGradient(temperature=1.0, rewards="log-likelihoods")
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def gradient(loss: PolicyGradient, scores: torch.Tensor, targets: torch.Tensor) -> list[float]:
    scores = scores.clone().requires_grad_()
    loss(scores, targets, torch.ones_like(scores, dtype=torch.bool)).backward()
    assert scores.grad is not None
    return [float(value) for value in scores.grad[0]]


def test_the_expected_reward_is_to_rise() -> None:
    """p = (0.6, 0.4), R = (1, 0.5): −(0.6 + 0.2)."""
    assert PLAIN(tensor((0.6, 0.4)).log(), tensor((1, 0.5)), TWO).item() == pytest.approx(-0.8)


def test_the_gradient_of_rraml() -> None:
    """[115]: p = (0.576117, 0.211942, 0.211942), R = (0, 1, 0): it rises along p (R − ΣpR)."""
    found = gradient(PLAIN, tensor((1, 0, 0)), tensor((0, 1, 0)))
    assert found == pytest.approx([0.122103, -0.167022, 0.044919], abs=5e-7)
    assert sum(found) == pytest.approx(0)


def test_a_constant_reward_teaches_nothing() -> None:
    """[115]: and neither does a baseline, [006] and [043]."""
    assert gradient(PLAIN, tensor((1, 0, 0)), tensor((3, 3, 3))) == pytest.approx([0, 0, 0])
    moved = gradient(PLAIN, tensor((1, 0, 0)), tensor((-7, -6, -7)))
    assert moved == pytest.approx(gradient(PLAIN, tensor((1, 0, 0)), tensor((0, 1, 0))))


def test_the_gradient_of_retgen() -> None:
    """[043]: p = (0.6, 0.4), rewards e⁻¹ and e⁻²."""
    scores, targets = tensor((0.6, 0.4)).log(), tensor((-1, -2))
    found = gradient(LIKELIHOODS, scores, targets)
    assert found == pytest.approx([-0.055811, 0.055811], abs=5e-7)
    assert LIKELIHOODS(scores, targets, TWO).item() == pytest.approx(-0.274862, abs=5e-7)


def test_an_impossible_answer_is_no_reward() -> None:
    """Rewards 1 and 0, p = (½, ½)."""
    loss = LIKELIHOODS(tensor((2, 2)), tensor((0, -float("inf"))), TWO)
    assert loss.item() == pytest.approx(-0.5)


def test_the_temperature_divides() -> None:
    loss = PolicyGradient(temperature=0.5)(tensor((0.6, 0.4)).log() / 2, tensor((1, 0.5)), TWO)
    assert loss.item() == pytest.approx(-0.8)


@pytest.mark.parametrize("loss", [PLAIN, LIKELIHOODS])
def test_queries_are_averaged_and_masked_documents_are_not_drawn(loss: PolicyGradient) -> None:
    """0.25 + 0.5 · 0.5 = ½ expected of the first; ½ · 0.4 + ½ · 0.2 of the second; one choice."""
    scores = tensor((0.25, 0.5, 0.25), (1, 1, 9), (1, 1, 1)).log()
    targets = tensor((1, 0.5, 0), (0.4, 0.2, 9), (1, 1, 1))
    if loss.rewards == "log-likelihoods":
        targets = targets.log()
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    assert loss(scores, targets, mask).item() == pytest.approx(-(0.5 + 0.3) / 2)
    assert loss.counts(targets, mask).tolist() == [True, True, False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        PolicyGradient(temperature=0.0)


@pytest.mark.parametrize("loss", [PLAIN, LIKELIHOODS, PolicyGradient()])
def test_it_obeys_the_laws_of_losses(loss: PolicyGradient) -> None:
    behaviour.check_all(loss, folder="losses")
