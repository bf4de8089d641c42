"""MannWhitney reproduces [042] by hand."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import InfoNCE, MannWhitney
from acclimate.testing import behaviour

SUM = MannWhitney(temperature=1.0)
MEAN = MannWhitney(temperature=1.0, reduction="mean")
SCORES = torch.tensor([[0.9, 0.5], [0.3, 0.4]], dtype=torch.float64)
EYE = torch.eye(2, dtype=torch.float64)
ALL = torch.ones(2, 2, dtype=torch.bool)


def test_the_value_of_the_paper() -> None:
    """[042]: Σ ln(1 + e^−(s⁺ − s⁻)) over .9, .4 against .5, .3, by 2 queries: 1.169648."""
    assert SUM(SCORES, EYE, ALL).item() == pytest.approx(1.169648, abs=5e-7)


def test_a_query_that_scores_all_higher_changes_it_and_not_info_nce() -> None:
    """[042]: + .5 on the second query: 1.157412; InfoNCE is 0.578706 both times."""
    moved = SCORES + torch.tensor([[0.0], [0.5]])
    plain = InfoNCE(temperature=1.0)
    assert SUM(moved, EYE, ALL).item() == pytest.approx(1.157412, abs=5e-7)
    assert plain(SCORES, EYE, ALL).item() == pytest.approx(0.578706, abs=5e-7)
    assert plain(moved, EYE, ALL).item() == pytest.approx(0.578706, abs=5e-7)


def test_the_mean_bounds_the_area_over_the_curve() -> None:
    """[042]: 1 of 4 pairs is in the wrong order, and .25 <= 1.169648 / 2 / ln 2 = 0.84372."""
    bound = MEAN(SCORES, EYE, ALL).item() / math.log(2)
    assert bound == pytest.approx(0.84372, abs=5e-6)
    assert bound >= 0.25


def test_more_others_add_to_the_sum_and_not_to_the_mean() -> None:
    """One relevant 0 and three others of 0: 3 ln 2, and ln 2."""
    scores, targets = torch.zeros(1, 4), torch.tensor([[1.0, 0.0, 0.0, -1.0]])
    mask = torch.ones(1, 4, dtype=torch.bool)
    assert SUM(scores, targets, mask).item() == pytest.approx(3 * math.log(2))
    assert MEAN(scores, targets, mask).item() == pytest.approx(math.log(2))


def test_the_temperature_divides() -> None:
    value = MannWhitney()(SCORES * 0.01, EYE, ALL)
    assert value.item() == pytest.approx(1.169648, abs=5e-7)


def test_masked_cells_are_neither_relevant_nor_others() -> None:
    """.9 against .3 alone: ln(1 + e^−.6) = 0.437488."""
    scores = torch.tensor([[0.9, float("nan")], [0.3, 7.0]], dtype=torch.float64).requires_grad_()
    mask = torch.tensor([[True, False], [True, False]])
    value = SUM(scores, EYE, mask)
    value.backward()
    assert value.item() == pytest.approx(0.437488, abs=5e-7)
    assert SUM.counts(EYE, mask).tolist() == [True, False]
    assert SUM.counts(EYE * 0, ALL).tolist() == [False, False]
    assert scores.grad is not None
    assert scores.grad[:, 1].tolist() == [0, 0]


@pytest.mark.parametrize("loss", [SUM, MEAN], ids=repr)
@pytest.mark.parametrize("targets", [EYE * 0, EYE * 0 + 1], ids=["none relevant", "all relevant"])
def test_without_pairs_there_is_no_loss(loss: MannWhitney, targets: torch.Tensor) -> None:
    scores = SCORES.clone().requires_grad_()
    value = loss(scores, targets, ALL)
    value.backward()
    assert value.item() == 0
    assert scores.grad is not None
    assert not scores.grad.any()


def test_queries_count_and_not_documents() -> None:
    targets = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, -1.0]])
    assert SUM.counts(targets, targets < 5).tolist() == [True, False]
    assert SUM.in_batch


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(RecipeError, match="above 0"):
        MannWhitney(temperature=0.0)


@pytest.mark.parametrize("loss", [SUM, MEAN], ids=repr)
def test_it_obeys_the_laws_of_losses(loss: MannWhitney) -> None:
    behaviour.check_all(loss, folder="losses")
