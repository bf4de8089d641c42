"""Relabelled: other values for the labels there are.

Shapes: N labels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Integers
from acclimate.parts._codes import coded
from acclimate.tables import Labels

Numbers = np.ndarray[Any, np.dtype[np.floating[Any]]]


def relabelled(labels: Labels, values: Numbers) -> Labels:
    """The labels with these values (N,), in their order; those that are not a number go."""
    kept = labels.keep(np.isfinite(values)).rows
    return Labels.columns(
        query_id=kept.column("query_id"),
        doc_id=kept.column("doc_id"),
        value=np.asarray(values[np.isfinite(values)], dtype=np.float32),
        teacher=kept.column("teacher"),
    )


def lists_of(labels: Labels) -> Integers:
    """A number for the list that each label is of, (N,): one query, one teacher."""
    query, _ = coded(labels, "query_id")
    teacher, teachers = coded(labels, "teacher")
    return query * len(teachers) + teacher


def best_first(labels: Labels, lists: Integers) -> tuple[Integers, Floats]:
    """The rows of each list after those of the one before, best first, and the values, (N,)."""
    values = labels.array("value")
    return np.lexsort((-values, lists)), values
