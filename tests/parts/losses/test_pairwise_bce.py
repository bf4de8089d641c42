"""PairwiseBCE reproduces [119] by hand."""

from math import erf, exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import PairwiseBCE
from acclimate.testing import behaviour

THURSTONE = PairwiseBCE(temperature=1.0)
TERRY = PairwiseBCE(preference="bradley-terry", temperature=1.0)
TWO, THREE = (torch.ones(1, n, dtype=torch.bool) for n in (2, 3))
ENTROPY = -(0.75 * log(0.75) + 0.25 * log(0.25))


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def cost(margin: float, wins: float) -> float:
    return log(1 + exp(margin)) - wins * margin


def test_the_strengths_of_zelo_give_back_the_votes() -> None:
    """[119]: soft wins 0.75: gaps ln 3 and 0.47694. A student 0.75 sure costs their entropy."""
    scores = tensor((log(3), 0))
    assert TERRY(scores, tensor((1.0986, 0)), TWO).item() == pytest.approx(ENTROPY, abs=1e-5)
    assert THURSTONE(scores, tensor((0.47694, 0)), TWO).item() == pytest.approx(ENTROPY, abs=1e-5)


@pytest.mark.parametrize("loss", [THURSTONE, TERRY])
def test_the_gradient_is_how_much_too_often_it_wins(loss: PairwiseBCE) -> None:
    """A student that cannot tell, a teacher that is 0.75 sure: ½ − ¾."""
    gap = log(3) if loss is TERRY else 0.4769363
    scores = tensor((1, 1)).requires_grad_()
    loss(scores, tensor((gap, 0)), TWO).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.25, 0.25], abs=1e-6)


def test_equals_are_to_be_scored_as_equals() -> None:
    """P = ½: a margin of 1 costs ln(1 + e) − ½, either way; none costs ln 2."""
    assert TERRY(tensor((1, 0)), tensor((2, 2)), TWO).item() == pytest.approx(cost(1, 0.5))
    assert TERRY(tensor((0, 1)), tensor((2, 2)), TWO).item() == pytest.approx(cost(1, 0.5))
    assert TERRY(tensor((4, 4)), tensor((2, 2)), TWO).item() == pytest.approx(log(2))


def test_every_pair_counts_once() -> None:
    """[119]: three fitted strengths, three pairs."""
    scores, strengths = tensor((0.5, 0, -1)), tensor((1.1579, -0.4991, -0.6588))
    gaps, margins = (1.6570, 1.8167, 0.1597), (0.5, 1.5, 1.0)
    terry = sum(cost(m, 1 / (1 + exp(-g))) for m, g in zip(margins, gaps, strict=True)) / 3
    thurstone = sum(cost(m, (1 + erf(g)) / 2) for m, g in zip(margins, gaps, strict=True)) / 3
    assert TERRY(scores, strengths, THREE).item() == pytest.approx(terry)
    assert THURSTONE(scores, strengths, THREE).item() == pytest.approx(thurstone)


def test_the_temperature_divides_the_scores_alone() -> None:
    loss = PairwiseBCE(preference="bradley-terry", temperature=0.5)
    value = loss(tensor((log(3) / 2, 0)), tensor((log(3), 0)), TWO)
    assert value.item() == pytest.approx(ENTROPY)


def test_each_query_counts_the_same_however_many_pairs_it_has() -> None:
    """Three pairs of equals with margins 1, 1, 0; one with 0.75; one document alone."""
    scores, targets = (
        tensor((1, 0, 0), (log(3), 0, 9), (1, 2, 3)),
        tensor((2, 2, 2), (log(3), 0, 9), (1, 2, 3)),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True, False, False]])
    first = (2 * cost(1, 0.5) + log(2)) / 3
    assert TERRY(scores, targets, mask).item() == pytest.approx((first + ENTROPY) / 2)
    assert TERRY.counts(targets, mask).tolist() == [True, True, False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        PairwiseBCE(temperature=0.0)


@pytest.mark.parametrize("loss", [THURSTONE, TERRY, PairwiseBCE()])
def test_it_obeys_the_laws_of_losses(loss: PairwiseBCE) -> None:
    behaviour.check_all(loss, folder="losses")
