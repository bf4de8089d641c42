"""MultiTask, as [021] uses it, by hand."""

import math

import pytest
import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses import ListSoftmaxCE, MarginMSE, MultiTask
from acclimate.testing import behaviour

LOSS = MultiTask(losses=(ListSoftmaxCE(), MarginMSE()), weights=(1.0, 2.0))
SCORES = torch.zeros(3, 2, dtype=torch.float64)
TARGETS = torch.tensor([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]], dtype=torch.float64)
ALL = torch.ones(3, 2, dtype=torch.bool)


def test_each_task_has_its_loss_and_its_weight() -> None:
    """ln 2 of the first query, and 2 · (1 + 9) / 2 of the others."""
    value = LOSS(SCORES, TARGETS, ALL, torch.tensor([0, 1, 1]))
    assert value.item() == pytest.approx(math.log(2) + 2 * 5)


def test_a_batch_may_be_of_one_task() -> None:
    value = LOSS(SCORES, TARGETS, ALL, torch.tensor([0, 0, 0]))
    assert value.item() == pytest.approx(math.log(2))
    assert LOSS(SCORES, TARGETS, ALL, torch.tensor([1, 1, 1])).item() == pytest.approx(20 / 3)


def test_without_one_task_the_gradient_of_the_other_is_the_same() -> None:
    """[021]: the queries of the first task are left out."""
    scores = SCORES.clone().requires_grad_()
    LOSS(scores, TARGETS, ALL, torch.tensor([0, 1, 1])).backward()
    alone = SCORES[1:].clone().requires_grad_()
    LOSS(alone, TARGETS[1:], ALL[1:], torch.tensor([1, 1])).backward()
    assert scores.grad is not None
    assert alone.grad is not None
    assert alone.grad.any()
    assert torch.equal(scores.grad[1:], alone.grad)


def test_the_mask_reaches_the_losses() -> None:
    mask = torch.tensor([[True, True], [True, False], [True, True]])
    tasks = torch.tensor([0, 1, 1])
    assert LOSS(SCORES, TARGETS, mask, tasks).item() == pytest.approx(math.log(2) + 18)


@pytest.mark.parametrize("tasks", [[0, 1, 2], [0, -1, 1]])
def test_a_task_without_a_loss_is_refused(tasks: list[int]) -> None:
    with pytest.raises(RecipeError, match="losses for tasks 0 to 1"):
        LOSS(SCORES, TARGETS, ALL, torch.tensor(tasks))


def test_another_number_of_weights_is_refused() -> None:
    with pytest.raises(RecipeError, match="1 members and 2 weights"):
        MultiTask(losses=(MarginMSE(),), weights=(1.0, 2.0))


def test_it_obeys_the_laws_of_losses() -> None:
    behaviour.check_all(LOSS, folder="losses")
