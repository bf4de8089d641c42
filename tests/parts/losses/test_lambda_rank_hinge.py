"""LambdaRankHinge reproduces [066] by hand."""

from math import log2

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import LambdaRankHinge
from acclimate.testing import behaviour

PLAIN = LambdaRankHinge(margin=1.0)
ALL = torch.ones(1, 3, dtype=torch.bool)


def tensor(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_the_values_of_rpt() -> None:
    """[066]: gains 3, 0.414214, 0 at ranks 2, 1, 3; the best list is worth 3.261340.

    λ = 0.292620, 0.120438 and 0.063504; short of the margin by 1.7, 0.9 and 0.2.
    """
    loss = PLAIN(tensor((0.2, 0.9, 0.1)), tensor((2, 0.5, 0)), ALL)
    assert loss.item() == pytest.approx(0.618551, abs=5e-7)


def test_a_pair_a_margin_apart_costs_nothing() -> None:
    assert PLAIN(tensor((3, 1, 0)), tensor((2, 0.5, 0)), ALL).item() == 0


def test_no_pair_is_no_loss() -> None:
    """[066]: no document helps the reader, so none is preferred."""
    targets = tensor((-1, -2, 0))
    assert PLAIN(tensor((0.2, 0.9, 0.1)), targets, ALL).item() == 0
    assert PLAIN.counts(targets, ALL).tolist() == [False]


def test_what_makes_the_reader_worse_gains_nothing() -> None:
    """Gains 1 and 0 at ranks 1 and 2: 1 · (1 − 1 / log2 3), short of the margin by ½."""
    loss = PLAIN(tensor((0.5, 0)), tensor((1, -3)), ALL[:, :2])
    assert loss.item() == pytest.approx((1 - 1 / log2(3)) * 0.5)


def test_a_worse_document_may_itself_help() -> None:
    """Gains 3 and 1 at ranks 1 and 2; the best list is worth 3 + 1 / log2 3."""
    second = 1 / log2(3)
    loss = PLAIN(tensor((0.5, 0)), tensor((2, 1)), ALL[:, :2])
    assert loss.item() == pytest.approx(2 * (1 - second) * 0.5 / (3 + second))


def test_below_the_depth_ranks_are_worth_nothing() -> None:
    """At depth 1: λ = (3 − 1) / 3 for ranks 2 and 1; 0 for ranks 2 and 3; ⅓ for 1 and 3."""
    loss = LambdaRankHinge(margin=1.0, depth=1)(tensor((2, 3, 1)), tensor((2, 1, 0)), ALL)
    assert loss.item() == pytest.approx(2 / 3 * 2)


def test_the_gradient_is_the_weight_either_way() -> None:
    """λ = 1 − 1 / log2 3 = 0.369070."""
    scores = tensor((0.5, 0)).requires_grad_()
    PLAIN(scores, tensor((1, 0)), ALL[:, :2]).backward()
    assert scores.grad is not None
    assert scores.grad[0].tolist() == pytest.approx([-0.369070, 0.369070], abs=5e-7)


def test_queries_are_averaged_and_masked_documents_have_no_rank() -> None:
    """0.618551 and, for the pair at ranks 1 and 2, 0.369070 · ½; the third has no pair."""
    scores = tensor((0.2, 0.9, 0.1), (0.5, 0, 8), (1, 2, 3))
    targets = tensor((2, 0.5, 0), (1, 0, 9), (1, 1, 1))
    mask = torch.tensor([[True] * 3, [True, True, False], [True] * 3])
    expected = (0.618551 + 0.184535) / 2
    assert PLAIN(scores, targets, mask).item() == pytest.approx(expected, abs=1e-6)
    assert PLAIN.counts(targets, mask).tolist() == [True, True, False]


@pytest.mark.parametrize("settings", [{"margin": 0.0}, {"depth": 0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="must be"):
        LambdaRankHinge(**settings)


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(PLAIN, folder="losses")
    behaviour.check_all(LambdaRankHinge(depth=2), folder="losses")
