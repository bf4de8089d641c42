"""Joined: which two trainings can be joined into one, and who learns beside the student."""

from __future__ import annotations

import inspect

from acclimate.errors import RecipeError
from acclimate.models.student import Model, Shape, Student
from acclimate.parts.loops.fit import Fit
from acclimate.parts.part import Trainer


def joined(part: object, loop: Trainer, beside: Trainer | None) -> tuple[Fit, Fit | None]:
    """Two trainings that look at the same lists, each update of the one and of the other.

    Args:
        part: whose they are.
        loop: that of the student.
        beside: that of the other model; None: it does not learn.

    Raises:
        RecipeError: when one is no `loops.Fit`, or when they do not fit together.
    """
    name = type(part).__name__
    first, second = _fit(loop, name), None if beside is None else _fit(beside, name)
    for setting in ("steps", "batch", "candidates"):
        told = [getattr(fit, setting) for fit in (first, second or first)]
        if told[0] != told[1]:
            raise RecipeError(
                f"{name}: both learn from the same lists, and {setting} is {told[0]} for one and "
                f"{told[1]} for the other. Give both the same."
            )
    return first, second


def _fit(trainer: Trainer, name: str) -> Fit:
    """What is a `loops.Fit` with a loss of a query's own documents."""
    if not isinstance(trainer, Fit):
        raise RecipeError(f"{name} trains two models at once, by loops.Fit; not by {trainer!r}.")
    if getattr(trainer.loss, "in_batch", False):
        raise RecipeError(
            f"{name}: {trainer.loss!r} looks at documents of the whole batch, and the other model "
            "scores a query's own. Give a loss of a query's own documents."
        )
    return trainer


def other_of(student: Student, base: Model | None, shape: Shape | None) -> Student:
    """The second model: what is beside the student already, else what it starts from."""
    other = Student(encoder=base or student.start, shape=shape)
    return other if student.beside is None else other.trained(student.beside)


def check_referenced(part: object, fits: tuple[Fit | None, ...]) -> None:
    """Refuse losses that take no reference, and those whose reference is no other model's.

    Raises:
        RecipeError: when there is one.
    """
    for fit in fits:
        if fit is not None and getattr(fit.loss, "looks_back", False):
            raise RecipeError(
                f"{type(part).__name__}: {fit.loss!r} is told the scores the student had before, "
                "and nothing else. Give loops.Fit alone."
            )
        if fit is not None and "reference" not in inspect.signature(fit.loss).parameters:
            raise RecipeError(
                f"{type(part).__name__}: {fit.loss!r} takes no reference, and so would not be "
                "corrected. Give one that does, such as losses.SampledSoftmax."
            )
