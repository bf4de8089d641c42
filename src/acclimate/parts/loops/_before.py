"""Before: what the student said of its lists before a training, as the reference of its loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from acclimate.models.ref import Floats
from acclimate.parts.loops._groups import Groups

if TYPE_CHECKING:
    from acclimate.parts.loops._learner import Learner

TOGETHER = 64
"""Queries that are scored together: a document of several of them is encoded once."""


def before(learner: Learner) -> Groups:
    """The groups of a learner, where its scores as it is now are the reference.

    They are computed once, for all labelled documents: a killed training that goes on computes
    the same again, as its model then still has the weights it began with. Where they have a
    reference, by which documents were drawn, it becomes the weights.
    """
    groups = learner.material.groups
    told: list[Floats] = [np.zeros(0, dtype=np.float32), *_scores(learner, groups)]
    return replace(groups, references=np.concatenate(told), weights=groups.references)


def _scores(learner: Learner, groups: Groups) -> Iterator[Floats]:
    """Of each labelled document, in the order of the groups."""
    for start in range(0, len(groups), TOGETHER):
        rows = np.arange(start, min(start + TOGETHER, len(groups)))
        drawn = groups.draw(rows, np.zeros_like(rows), int(groups.widths[rows].max()))
        with torch.no_grad():
            scores: Floats = learner.scores(drawn).float().cpu().numpy()
        yield scores[drawn.mask]
