"""MultiTask: each query with the loss of its task.

Shapes: B queries, K documents of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._members import check_weights
from acclimate.parts.part import Loss


@dataclass(frozen=True, kw_only=True)
class MultiTask:
    """Σ weight · loss over the tasks, each of the queries of its task alone.

    It takes the task of each query as a tensor of its own, 0 for the first loss. A batch may hold
    one task or several: what one task's queries teach does not depend on whether others are there.
    Where a loss looks at the whole batch, the loop masks documents of other tasks.

    Rows: [021].

    Paper:   Koukounas et al., Jina CLIP: Your CLIP Model Is Also Your Text Retriever, 2024,
             section 3 (a loss for each kind of pair). https://arxiv.org/abs/2405.20204
    Code:    none published.
    Differs: nothing known.
    Cost:    that of its losses.

    Args:
        losses: one for each task, of scores.
        weights: one for each.

    Returns:
        The loss, a scalar; zero where no query counts.

    Example:
        >>> from acclimate.parts.losses import ListSoftmaxCE, MarginMSE
        >>> loss = MultiTask(losses=(ListSoftmaxCE(), MarginMSE()), weights=(1.0, 2.0))
        >>> scores, targets = torch.zeros(2, 2), torch.tensor([[0.0, 0.0], [1.0, 0.0]])
        >>> loss(scores, targets, torch.ones(2, 2, dtype=torch.bool), torch.tensor([0, 1]))
        tensor(2.6931)
    """

    losses: tuple[Loss, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse no task, and another number of weights."""
        check_weights(self, self.losses, self.weights)

    def __call__(
        self,
        scores_BK: torch.Tensor,
        targets_BK: torch.Tensor,
        mask_BK: torch.Tensor,
        tasks_B: torch.Tensor,
    ) -> torch.Tensor:
        """The loss of scores and targets, and of the task of each query."""
        if ((tasks_B < 0) | (tasks_B >= len(self.losses))).any():
            raise RecipeError(
                f"A query is of task {int(tasks_B.max())} or {int(tasks_B.min())}; "
                f"there are losses for tasks 0 to {len(self.losses) - 1}."
            )
        parts = []
        for task, (loss, weight) in enumerate(zip(self.losses, self.weights, strict=True)):
            of_task_B = tasks_B == task
            parts.append(
                weight * loss(scores_BK[of_task_B], targets_BK[of_task_B], mask_BK[of_task_B])
            )
        return torch.stack(parts).sum()
