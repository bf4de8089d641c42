"""MultiTask, as [021] and [026] use it, by hand."""

import math
from dataclasses import dataclass

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE, MarginMSE, MultiTask
from acclimate.testing import behaviour

LOSS = MultiTask(losses=(ListSoftmaxCE(), MarginMSE()), weights=(1.0, 2.0))
SCORES = torch.zeros(3, 2, dtype=torch.float64)
TARGETS = torch.tensor([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]], dtype=torch.float64)
ALL = torch.ones(3, 2, dtype=torch.bool)


def test_each_query_has_the_loss_and_the_weight_of_its_task() -> None:
    """[021] [026]: ln 2 of the first query, 2 · 1 and 2 · 9 of the others, by 3."""
    value = LOSS(SCORES, TARGETS, ALL, torch.tensor([0, 1, 1]))
    assert value.item() == pytest.approx((math.log(2) + 2 * 1 + 2 * 9) / 3)


def test_a_batch_may_be_of_one_task() -> None:
    value = LOSS(SCORES, TARGETS, ALL, torch.tensor([0, 0, 0]))
    assert value.item() == pytest.approx(math.log(2))
    assert LOSS(SCORES, TARGETS, ALL, torch.tensor([1, 1, 1])).item() == pytest.approx(20 / 3)


def test_a_query_that_its_task_cannot_learn_from_does_not_count() -> None:
    """The second has no other document: (ln 2 + 2 · 9) / 2."""
    mask = torch.tensor([[True, True], [True, False], [True, True]])
    tasks = torch.tensor([0, 1, 1])
    assert LOSS(SCORES, TARGETS, mask, tasks).item() == pytest.approx((math.log(2) + 18) / 2)
    assert LOSS.counts(TARGETS, mask, tasks).tolist() == [True, False, True]


@dataclass(frozen=True)
class AnyDocument:
    """A loss that does not say which queries count, and learns from more than the others."""

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        return (scores * 0 + 1)[mask].sum() / max(int(mask.any(dim=1).sum()), 1)


def test_what_counts_is_told_by_the_loss_of_the_task() -> None:
    """Queries with one document: MarginMSE cannot learn from them, the other can."""
    loss = MultiTask(losses=(MarginMSE(), AnyDocument()), weights=(1.0, 1.0))
    mask = torch.tensor([[True, False]] * 3)
    tasks = torch.tensor([0, 1, 1])
    assert loss.counts(TARGETS, mask, tasks).tolist() == [False, True, True]
    assert loss(SCORES, TARGETS, mask, tasks).item() == pytest.approx(1)


def test_one_query_that_counts_is_not_halved() -> None:
    mask = torch.tensor([[True, False], [True, False], [True, True]])
    assert LOSS(SCORES, TARGETS, mask, torch.tensor([0, 0, 1])).item() == pytest.approx(18)


def test_no_query_that_counts_is_no_loss() -> None:
    assert LOSS(SCORES, TARGETS, ~ALL, torch.tensor([0, 1, 1])).item() == 0


@pytest.mark.parametrize("tasks", [[0, 1, 2], [0, -1, 1]])
def test_a_task_without_a_loss_is_refused(tasks: list[int]) -> None:
    with pytest.raises(RecipeError, match="losses for tasks 0 to 1"):
        LOSS(SCORES, TARGETS, ALL, torch.tensor(tasks))


def test_another_number_of_weights_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 members and 2 weights"):
        MultiTask(losses=(MarginMSE(),), weights=(1.0, 2.0))


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
