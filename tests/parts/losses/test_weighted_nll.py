"""WeightedNLL reproduces [058] by hand."""

from itertools import permutations
from math import inf

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import WeightedNLL
from acclimate.parts.losses.weighted_nll import plackett_luce
from acclimate.testing import behaviour

ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


SCORES, TARGETS = tensor((-1, -2, -3)), tensor((-1, -2, -4))


def test_the_weights_of_dro() -> None:
    """[058]: e⁻¹, e⁻², e⁻⁴ over their sum."""
    weights = WeightedNLL().weights(TARGETS, ALL)[0].tolist()
    assert weights == pytest.approx([0.705385, 0.259496, 0.035119], abs=5e-7)


def test_choices_that_help_cost_their_surprise() -> None:
    """0.705385 · 1 + 0.259496 · 2 + 0.035119 · 3."""
    assert WeightedNLL()(SCORES, TARGETS, ALL).item() == pytest.approx(1.329734, abs=2e-6)


def test_the_gradient_is_the_weights() -> None:
    scores = SCORES.clone().requires_grad_()
    WeightedNLL()(scores, TARGETS, ALL).backward()
    assert scores.grad is not None
    expected = [-0.705385, -0.259496, -0.035119]
    assert scores.grad[0].tolist() == pytest.approx(expected, abs=5e-7)


def test_likelihoods_that_underflow_keep_their_proportions() -> None:
    weights = WeightedNLL().weights(TARGETS - 5000, ALL)[0].tolist()
    assert weights == pytest.approx([0.705385, 0.259496, 0.035119], abs=5e-7)


def test_the_temperature_divides_the_targets() -> None:
    loss = WeightedNLL(temperature=2.0)(SCORES, TARGETS * 2, ALL)
    assert loss.item() == pytest.approx(1.329734, abs=2e-6)


def test_queries_are_averaged_where_a_choice_allows_the_answer() -> None:
    """The second: two choices of weight ½, 3 and 5; the third has none that answers."""
    scores, targets = (
        tensor((-1, -2, -3), (-3, -5, 9), (-1, -1, -1)),
        tensor((-1, -2, -4), (7, 7, 9), (-inf,) * 3),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    assert WeightedNLL()(scores, targets, mask).item() == pytest.approx(
        (1.329734 + 4) / 2, abs=2e-6
    )
    assert WeightedNLL().counts(targets, mask).tolist() == [True, True, False]


def test_an_order_is_picked_one_after_the_other() -> None:
    """0.3 of all, then 0.5 of the 0.7 that are left, then what remains."""
    logits = tensor((0.5, 0.3, 0.2)).log()
    orders = torch.tensor([[[1, 0, 2], [2, 1, 0]]])
    found = plackett_luce(logits, orders).exp()[0].tolist()
    assert found == pytest.approx([0.3 * 0.5 / 0.7, 0.2 * 0.3 / 0.8])


def test_an_order_may_stop_before_the_end() -> None:
    found = plackett_luce(tensor((0.5, 0.3, 0.2)).log(), torch.tensor([[[1, 2]]])).exp()
    assert found.item() == pytest.approx(0.3 * 0.2 / 0.7)


def test_the_probabilities_of_all_orders_sum_to_1() -> None:
    """[058]: over 3! orders, for each query."""
    orders = torch.tensor(list(permutations(range(3))))
    logits = tensor((2, 0, -1), (0, 0, 4))
    sums = plackett_luce(logits, orders.expand(2, -1, -1)).exp().sum(dim=1)
    assert sums.tolist() == pytest.approx([1, 1])


def test_a_step_with_exact_weights_does_not_lower_the_likelihood() -> None:
    """[058]: the M-step of EM over enumerated choices, as a small step down the gradient."""
    orders = torch.tensor([list(permutations(range(3)))])
    logits = tensor((0.2, 0, -0.3)).requires_grad_()
    answers = tensor((-1, -4, -2, -5, -3, -1))
    mask = torch.ones(1, 6, dtype=torch.bool)
    before = (plackett_luce(logits, orders) + answers).logsumexp(dim=1).item()
    posterior = (plackett_luce(logits, orders) + answers).detach()  # the E-step
    WeightedNLL()(plackett_luce(logits, orders), posterior, mask).backward()
    assert logits.grad is not None
    moved = logits.detach() - 0.1 * logits.grad
    after = (plackett_luce(moved, orders) + answers).logsumexp(dim=1).item()
    assert after > before


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        WeightedNLL(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(WeightedNLL(), folder="losses")
    behaviour.check_all(WeightedNLL(temperature=0.5), folder="losses")
