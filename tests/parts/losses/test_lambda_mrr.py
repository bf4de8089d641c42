"""LambdaMRR reproduces [012] by hand."""

from math import exp, log

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import LambdaMRR
from acclimate.testing import behaviour

PAPER = LambdaMRR(temperature=1.0)
CODE = LambdaMRR(ranks="student", pairs="mean", temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


SCORES, TARGETS = tensor((1, 2, 0)), tensor((30, 20, 10))


def test_the_value_of_the_paper() -> None:
    """[012]: ranks 1, 2, 3: ½ softplus(1) + ⅔ softplus(−1) + ⅙ softplus(−2) = 0.886627."""
    assert PAPER(SCORES, TARGETS, ALL).item() == pytest.approx(0.886627, abs=5e-7)


def test_the_value_of_the_code() -> None:
    """[012]: ranks 2, 1, 3: ½ softplus(1) + ⅙ softplus(−1) + ⅔ softplus(−2), a third of it."""
    assert CODE(SCORES, TARGETS, ALL).item() == pytest.approx(0.264487, abs=5e-7)
    summed = LambdaMRR(ranks="student", temperature=1.0)
    assert summed(SCORES, TARGETS, ALL).item() == pytest.approx(0.793460, abs=5e-7)


def test_the_teachers_ranks_do_not_depend_on_its_units() -> None:
    other = PAPER(SCORES, tensor((0.3, 0.2, -7)), ALL)
    assert other.item() == pytest.approx(0.886627, abs=5e-7)


def test_equal_values_share_a_rank_and_make_no_pair() -> None:
    """Values 5, 5, 1 have ranks 1, 1, 3: two pairs of weight ⅔."""
    loss = PAPER(SCORES, tensor((5, 5, 1)), ALL)
    assert loss.item() == pytest.approx(2 / 3 * (softplus(-1) + softplus(-2)))


def test_the_gradient_lifts_the_better_document() -> None:
    """Weight ½ of σ(0) = ½."""
    scores = tensor((1, 1)).requires_grad_()
    PAPER(scores, tensor((1, 0)), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.25, 0.25]]


def test_the_temperature_divides() -> None:
    loss = LambdaMRR(temperature=0.5)(tensor((0, 1)), tensor((1, 0)), ALL[:, :2])
    assert loss.item() == pytest.approx(softplus(2) / 2)


@pytest.mark.parametrize(("loss", "value"), [(PAPER, 0.886627), (CODE, 0.264487)])
def test_queries_are_averaged_and_masked_documents_have_no_rank(
    loss: LambdaMRR, value: float
) -> None:
    """The second query has one pair, of ranks 1 and 2; the third has none."""
    scores, targets = (
        tensor((1, 2, 0), (1, 0, 8), (1, 2, 3)),
        tensor((30, 20, 10), (5, 3, 9), (1,) * 3),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    expected = (value + softplus(-1) / 2) / 2
    assert loss(scores, targets, mask).item() == pytest.approx(expected, abs=5e-7)
    assert loss.counts(targets, mask).tolist() == [True, True, False]


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        LambdaMRR(temperature=0.0)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PAPER, folder="losses")
    behaviour.check_all(CODE, folder="losses")
