"""LambdaRank reproduces [113] by hand."""

from math import exp, log, log2

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import LambdaRank
from acclimate.testing import behaviour

PLAIN = LambdaRank(temperature=1.0)
NDCG = LambdaRank(metric="ndcg", temperature=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def softplus(value: float) -> float:
    return log(1 + exp(value))


def test_the_values_of_adore() -> None:
    """[113]: the relevant one second: (½ · 1.313262 + ⅙ · 0.313262) / 2 = 0.354421."""
    loss = PLAIN(tensor((2, 3, 1)), tensor((1, 0, 0)), ALL)
    assert loss.item() == pytest.approx(0.354421, abs=5e-7)


def test_below_the_depth_ranks_are_worth_nothing() -> None:
    """At depth 2 rank 3 is worth 0 and not ⅓: the second weight is ½."""
    loss = LambdaRank(depth=2, temperature=1.0)(tensor((2, 3, 1)), tensor((1, 0, 0)), ALL)
    assert loss.item() == pytest.approx((softplus(1) + softplus(-1)) / 4)
    out = LambdaRank(depth=1, temperature=1.0)(tensor((1, 3, 2)), tensor((0, 0, 1)), ALL)
    assert out.item() == pytest.approx((softplus(1) + 0) / 2)


def test_the_weights_of_ndcg_are_what_a_swap_changes() -> None:
    """Gains 3, 1, 0 at ranks 2, 1, 3, discounts 1, D₂ = 1 / log2 3, ½; the best list has 3 + D₂.

    |3 − 1| (1 − D₂) softplus(1), |3 − 0| (D₂ − ½) softplus(−1), |1 − 0| (1 − ½) softplus(−2).
    """
    second = 1 / log2(3)
    pairs = (
        2 * (1 - second) * softplus(1),
        3 * (second - 0.5) * softplus(-1),
        0.5 * softplus(-2),
    )
    loss = NDCG(tensor((2, 3, 1)), tensor((2, 1, 0)), ALL)
    assert loss.item() == pytest.approx(sum(pairs) / 3 / (3 + second))


def test_ndcg_to_a_depth_forgets_what_is_below_it() -> None:
    """At depth 1 only the first rank has a discount: the best list is worth 3."""
    loss = LambdaRank(metric="ndcg", depth=1, temperature=1.0)
    value = loss(tensor((2, 3, 1)), tensor((2, 1, 0)), ALL)
    assert value.item() == pytest.approx((2 * softplus(1) + 0 + softplus(-2)) / 3 / 3)


def test_values_below_zero_gain_nothing() -> None:
    """Nothing gains, so nothing is to be changed; no list is divided by zero."""
    loss = NDCG(tensor((2, 3, 1)), tensor((-1, -2, -3)), ALL)
    assert loss.item() == 0


def test_gains_are_shares_of_the_best_list_however_small_it_is() -> None:
    """A gain of √2 − 1 at rank 2, which is all there is to gain: 1 − 1 / log2 3."""
    loss = NDCG(tensor((0, 1)), tensor((0.5, 0)), ALL[:, :2])
    assert loss.item() == pytest.approx((1 - 1 / log2(3)) * softplus(1))


def test_the_gradient_lifts_the_better_document() -> None:
    """Ranks 1 and 2: weight ½ of σ(0) = ½."""
    scores = tensor((1, 1)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad.tolist() == [[-0.25, 0.25]]


@pytest.mark.parametrize(
    "loss", [LambdaRank(temperature=0.5), LambdaRank(metric="ndcg", temperature=0.5)]
)
def test_the_temperature_divides_and_changes_no_rank(loss: LambdaRank) -> None:
    plain = LambdaRank(metric=loss.metric, temperature=1.0)
    scores, targets = tensor((2, 3, 1)), tensor((2, 1, 0))
    expected = plain(2 * scores, targets, ALL).item()
    assert loss(scores, targets, ALL).item() == pytest.approx(expected)


def test_queries_are_averaged_and_masked_documents_have_no_rank() -> None:
    """The second query: ranks 1 and 2, one pair; the third query has none."""
    scores, targets = (
        tensor((2, 3, 1), (1, 0, 8), (1, 2, 3)),
        tensor((1, 0, 0), (5, 3, 9), (1,) * 3),
    )
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    expected = (0.354421 + softplus(-1) / 2) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected, abs=5e-7)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


def test_ndcg_is_of_the_documents_that_are_there() -> None:
    """Gains 3 and 1 at ranks 1 and 2, and a masked document that would be worth more."""
    mask = torch.tensor([[True, True, False]])
    second = 1 / log2(3)
    expected = 2 * (1 - second) * softplus(-1) / (3 + second)
    loss = NDCG(tensor((2, 1, 7)), tensor((2, 1, 5)), mask)
    assert loss.item() == pytest.approx(expected)


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"depth": 0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="must be"):
        LambdaRank(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(NDCG, folder="losses")
