"""Completed: what every training does around its updates: checkpoints, curve, the saved result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acclimate.errors import StoreError
from acclimate.models.family import saved
from acclimate.models.student import Model, Settles, Shape, Student
from acclimate.parts.loops._checkpoints import Checkpoints
from acclimate.parts.loops._written import finished
from acclimate.parts.part import Context
from acclimate.tables import Table

if TYPE_CHECKING:
    from acclimate.parts.loops._processes import Processes
    from acclimate.parts.loops._training import Carried, Course

CURVE_POINTS = 100
"""Points of the learning curve."""


def completed(
    learner: Carried,
    course: Course,
    key: str,
    student: Student,
    ctx: Context,
    behind: Model | None = None,
) -> Student:
    """Train to the end, save the model, and leave nothing else behind.

    Args:
        learner: what is carried back.
        course: how long and how fast.
        key: what the weights depend on: checkpoints of something else are not used.
        student: who learns.
        ctx: its folder takes the model.
        behind: the encoder a head was trained behind; None where there is none.

    Raises:
        StoreError: when there is no folder.
    """
    if ctx.folder is None:
        raise StoreError("A training writes weights and needs a folder. Give Context(folder=…).")
    from acclimate.parts.loops import _training
    from acclimate.parts.loops._processes import team_of

    ticks = iter(ctx.track(range(course.steps), "training", course.steps))
    checkpoints = Checkpoints(ctx.folder / "checkpoints", key)
    with reading(learner.model, student.shape):
        losses = _training.train(learner, course, checkpoints, ticks)
    ctx.note("curve", curve(losses))
    team = team_of(learner)
    after = kept(learner.model, student, ctx.folder, behind=behind, team=team)
    if team.first:
        checkpoints.clear()
    return after


def kept(
    model: Any,
    student: Student,
    folder: Path,
    *,
    behind: Model | None = None,
    team: Processes | None = None,
) -> Student:
    """The student with what its model has become, saved below a folder.

    Args:
        model: as it is trained.
        student: whose it is.
        folder: where the model's own folder is made.
        behind: the encoder a head was trained behind; None where there is none.
        team: the processes that hold the model, of which the first saves it; None: this one.
    """
    if isinstance(student.shape, Settles):
        model = student.shape.settled(model)

    def saved_once() -> str:
        return str(finished(model, folder, behind=behind))

    made = Path(saved_once() if team is None else team.by_first(saved_once))
    trusted = student.encoder.trust_remote_code
    return student.trained(saved(model, made, trust_remote_code=trusted))


@contextmanager
def reading(model: Any, shape: Shape | None) -> Iterator[None]:
    """Let the model read no more of a text than its shape wants in training."""
    limit = shape.training_tokens if shape is not None else None
    if limit is None:
        yield
        return
    whole = model.max_seq_length
    model.max_seq_length = min(limit, whole or limit)
    try:
        yield
    finally:
        model.max_seq_length = whole


def key_of(part: Any, *things: Any) -> str:
    """Hash of everything the weights depend on; a checkpoint of something else is not used."""
    told = [repr(replace(part, save_every=None))]
    for thing in things:
        if isinstance(thing, Context):
            told.append(str(thing.seed))
        elif isinstance(thing, Table):
            told.append(thing.digest)
        else:
            told.append(thing.fingerprint() if isinstance(thing, Student) else repr(thing))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def curve(losses: list[float]) -> dict[str, list[float]]:
    """The learning curve: at most 100 steps, each with the mean loss since the one before."""
    ends = np.unique(np.linspace(0, len(losses), min(CURVE_POINTS, len(losses)) + 1).astype(int))
    means = [round(float(np.mean(losses[start:end])), 6) for start, end in pairwise(ends)]
    return {"step": ends[1:].tolist(), "loss": means}
