"""ReweightedInfoNCE reproduces [025] by hand."""

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE, ReweightedInfoNCE
from acclimate.testing import behaviour

PLAIN = ReweightedInfoNCE(temperature=1.0)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def every(scores: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(scores, dtype=torch.bool)


def test_a_document_of_weight_0_8_that_is_doubted_by_half_counts_0_2() -> None:
    """[025]: .8 · (1 − .5)² = .2, against a relevant document of e⁰ = 1: ln(1 + .2) = 0.182322."""
    scores = tensor((1.0, 0.8)).log()
    value = ReweightedInfoNCE(temperature=1.0, gamma=2.0)(scores, tensor((1, 0.5)), every(scores))
    assert value.item() == pytest.approx(0.182322, abs=5e-7)


def test_gamma_1_takes_the_doubt_as_it_is() -> None:
    """.8 · .5 = .4 and 2 · .75 = 1.5: ln(1 + .4 + 1.5) = 1.064711."""
    scores = tensor((1.0, 0.8, 2.0)).log()
    value = PLAIN(scores, tensor((0, 0.5, 0.25)), every(scores))
    assert value.item() == pytest.approx(1.064711, abs=5e-7)


def test_without_doubt_it_is_the_plain_loss() -> None:
    scores = tensor((2, 1, 0))
    expected = ListSoftmaxCE()(scores, scores, every(scores)).item()
    assert PLAIN(scores, tensor((0, 0, 0)), every(scores)).item() == pytest.approx(expected)
    flat = ReweightedInfoNCE(temperature=1.0, gamma=0.0)
    assert flat(scores, tensor((0, 0.9, 0.9)), every(scores)).item() == pytest.approx(expected)


def test_a_document_that_is_surely_relevant_is_left_out() -> None:
    """Of (2, 1, 0) the second is relevant: ln(1 + e⁻²)."""
    scores = tensor((2, 1, 0)).requires_grad_()
    value = PLAIN(scores, tensor((1, 1, 0)), every(scores))
    value.backward()
    assert value.item() == pytest.approx(0.126928, abs=5e-7)
    assert scores.grad is not None
    assert scores.grad[0, 1] == 0


def test_where_all_others_are_surely_relevant_nothing_is_lost() -> None:
    scores = tensor((2, 1, 0)).requires_grad_()
    value = PLAIN(scores, tensor((1, 1, 1)), every(scores))
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_a_doubt_outside_0_to_1_is_that_bound() -> None:
    scores = tensor((2, 1, 0))
    beyond = PLAIN(scores, tensor((0, -3, 7)), every(scores))
    assert beyond.item() == pytest.approx(PLAIN(scores, tensor((0, 0, 1)), every(scores)).item())


def test_the_temperature_divides() -> None:
    """Scores (0.1, 0) at 0.05 are logits (2, 0)."""
    value = ReweightedInfoNCE()(tensor((0.1, 0)), tensor((1, 0)), every(tensor((1, 1))))
    assert value.item() == pytest.approx(0.126928, abs=5e-7)


def test_doubts_learn_nothing() -> None:
    scores, targets = tensor((2, 1)).requires_grad_(), tensor((1, 0.5)).requires_grad_()
    PLAIN(scores, targets, every(scores)).backward()
    assert targets.grad is None


def test_the_mean_is_over_queries_with_their_document_and_another() -> None:
    """(0.126928 + ln 2) / 2; masked cells may hold anything."""
    nan = float("nan")
    scores = tensor((2, 0, nan), (1, 1, nan), (9, 1, 1), (1, 9, 9)).requires_grad_()
    targets = tensor((1, 0, nan), (1, 0, nan), (1, 0, 0), (1, 0, 0))
    mask = torch.tensor([[True, True, False]] * 2 + [[False, True, True], [True, False, False]])
    value = PLAIN(scores, targets, mask)
    value.backward()
    assert value.item() == pytest.approx(0.410038, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False, False]
    assert scores.grad is not None
    assert scores.grad[:, 2].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"gamma": -0.5}])
def test_settings_without_a_meaning_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        ReweightedInfoNCE(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
