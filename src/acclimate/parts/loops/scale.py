"""Scale: bring a student's scores into a teacher's units.

A unit-norm student's margins lie between −2 and 2, a cross-encoder's between −20 and 20: without
a scale most of what the teacher says cannot be reached. The scale multiplies the student's
scores while it trains; it changes no ranking and is not saved.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.floating[Any]]]

UNIT_REACH = 2.0
"""Cosines differ by at most this."""

IN_REACH = 0.99
"""Share of the teacher's margins that the scale brings into a unit-norm student's reach."""

Range = Literal["0 to 1", "-1 to 1", "open"]


@dataclass(frozen=True)
class Report:
    """What was found of the two sets of scores before training.

    Args:
        scale: what the student's scores are multiplied with.
        least_squares: the scale that explains the teacher's margins best; None where the
            student's do not differ or go the other way.
        student_normalised: whether the student's vectors have length one.
        teacher_range: where the teacher's values lie; "0 to 1" points to a sigmoid.
        out_of_reach_before: share of margins a student cannot have without the scale.
        out_of_reach: the same share with it.
        student_spread: root mean square of the student's margins before training.
        teacher_spread: root mean square of the teacher's.
    """

    scale: float
    least_squares: float | None
    student_normalised: bool
    teacher_range: Range
    out_of_reach_before: float
    out_of_reach: float
    student_spread: float
    teacher_spread: float

    def as_note(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def scale_of(
    student_margins: Numbers,
    teacher_margins: Numbers,
    teacher_values: Numbers,
    *,
    normalised: bool,
    given: float | None = None,
) -> Report:
    """The scale of a student under a teacher, in closed form, and what it does.

    For a unit-norm student: the least-squares multiplier of its margins, but at least as much as
    brings 99 % of the teacher's margins into reach (a student that knows little of the domain
    has margins that explain little, and least squares would keep the scale small). A student
    with lengths of its own can reach any margin: its scale is 1, as in the paper.

    Args:
        student_margins: differences of the student's scores, any number of them.
        teacher_margins: the teacher's differences for the same pairs.
        teacher_values: the teacher's values themselves, to see their range.
        normalised: whether the student's vectors have length one.
        given: a scale to report on instead.
    """
    margins = np.asarray(teacher_margins, dtype=np.float64)
    own = np.asarray(student_margins, dtype=np.float64)
    best = least_squares(own, margins)
    scale = 1.0 if given is None else given
    if given is None and normalised and margins.any():
        needed = float(np.quantile(np.abs(margins), IN_REACH)) / UNIT_REACH
        scale = max(best or 0.0, needed) or 1.0
    reach = UNIT_REACH if normalised else np.inf
    return Report(
        scale=scale,
        least_squares=best,
        student_normalised=normalised,
        teacher_range=range_of(teacher_values),
        out_of_reach_before=out_of_reach(margins, reach),
        out_of_reach=out_of_reach(margins, reach * scale),
        student_spread=_spread(own),
        teacher_spread=_spread(margins),
    )


def least_squares(student: Numbers, teacher: Numbers) -> float | None:
    """The a that minimises Σ (a · student − teacher)²; None where it is not above 0."""
    square = float(np.dot(student, student))
    slope = float(np.dot(student, teacher)) / square if square > 0 else 0.0
    return slope if slope > 0 else None


def out_of_reach(margins: Numbers, reach: float) -> float:
    """The share of margins larger than `reach` either way."""
    return float(np.mean(np.abs(margins) > reach * (1 + 1e-9))) if len(margins) else 0.0


def range_of(values: Numbers) -> Range:
    """Where a teacher's values lie; bounded ones came through a sigmoid or a cosine."""
    if not len(values) or np.max(np.abs(values)) > 1:
        return "open"
    return "0 to 1" if np.min(values) >= 0 else "-1 to 1"


def _spread(margins: Numbers) -> float:
    return float(np.sqrt(np.mean(np.square(margins)))) if len(margins) else 0.0
