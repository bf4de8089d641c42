"""PairwiseLogistic reproduces [079] by hand."""

from math import exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PairwiseLogistic
from acclimate.testing import behaviour

PLAIN = PairwiseLogistic(temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


def test_the_values_of_arl2() -> None:
    """[079]: margins −1, 0 and 1: (1.313262 + 0.693147 + 0.313262) / 3."""
    loss = PLAIN(tensor((0, 1, 0)), tensor((2, 1, 0)), ALL)
    assert loss.item() == pytest.approx(0.773224, abs=5e-7)


def test_a_preferred_document_is_to_score_higher() -> None:
    """[002]: the better document ahead by 2 costs ln(1 + e⁻²), behind by 2 ln(1 + e²)."""
    ahead = PLAIN(tensor((3, 1)), tensor((1, 0)), ALL[:, :2])
    behind = PLAIN(tensor((1, 3)), tensor((1, 0)), ALL[:, :2])
    assert ahead.item() == pytest.approx(softplus(-2))
    assert behind.item() == pytest.approx(softplus(2))


def test_the_gradient_parts_the_pair_and_nothing_else() -> None:
    """One pair, margin 0: −σ(0) and σ(0); the third document is as good as the second."""
    scores = tensor((0, 0, 5)).requires_grad_()
    mask = torch.tensor([[True, True, False]])
    PLAIN(scores, tensor((1, 0, 0)), mask).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.5, 0.5, 0]]


def test_equal_grades_make_no_pair() -> None:
    """Of (1, 1, 0) two pairs: margins 1 and 2."""
    loss = PLAIN(tensor((1, 2, 0)), tensor((1, 1, 0)), ALL)
    assert loss.item() == pytest.approx((softplus(-1) + softplus(-2)) / 2)
    assert PLAIN.counts(torch.ones(1, 3), ALL).tolist() == [False]


def test_values_within_the_margin_make_no_pair() -> None:
    """Of (2, 1, 0) only 2 and 0 differ by more than 1."""
    loss = PairwiseLogistic(temperature=1.0, margin=1.0)
    value = loss(tensor((0, 9, 1)), tensor((2, 1, 0)), ALL)
    assert value.item() == pytest.approx(softplus(1))
    assert loss.counts(tensor((1, 0, 0.5)), ALL).tolist() == [False]


def test_the_temperature_divides() -> None:
    loss = PairwiseLogistic(temperature=0.5)(tensor((0, 1)), tensor((0, 1)), ALL[:, :2])
    assert loss.item() == pytest.approx(softplus(-2))


def test_each_query_counts_the_same_however_many_pairs_it_has() -> None:
    """Three pairs with mean 0.773224; one pair with softplus(1); a query without a pair."""
    scores, targets = (
        tensor((0, 1, 0), (1, 2, 0), (4, 1, 2)),
        tensor((2, 1, 0), (1, 0, 7), (1,) * 3),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    loss = PLAIN(scores, targets, mask)
    assert loss.item() == pytest.approx((0.773224 + softplus(1)) / 2, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"margin": -0.1}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match="must"):
        PairwiseLogistic(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(PairwiseLogistic(margin=0.3), folder="losses")
