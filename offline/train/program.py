"""Program: what all training programs do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from train import data, export, loop
from train.options import Place


class Savable(loop.Task, Protocol):
    """A task whose model can be written."""

    def save(self, folder: Path) -> None:
        """Write weights, configuration and tokenizer, in float16."""
        ...


def run(
    place: Place, plan: loop.Plan, kind: export.Kind, task_of: Callable[[data.Pairs], Savable]
) -> Path:
    """Train as far as the time goes, and write the model as it then is.

    Args:
        place: where, and from what.
        plan: how.
        kind: what the model is.
        task_of: makes the task from the training pairs.

    Returns:
        The folder of the model.
    """
    pairs = data.read(place.data, seed=plan.seed)
    task = task_of(pairs)
    progress = loop.train(task, plan, place.out, minutes=place.minutes, precision=place.precision)
    export.export(task.save, place.model, export.card(kind, pairs, progress, plan))
    return place.model
