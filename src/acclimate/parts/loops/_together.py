"""Together: two models learn from the same lists at the same time, and hear each other's scores.

Each has a loss of its own; an update is one of both. What the one hears of the other are scores
at that update, which do not learn. Checkpoints hold both, and so a killed training goes on with
both as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import torch

from acclimate.errors import StoreError
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Model, Student
from acclimate.parts.loops._completed import completed, kept, key_of, reading
from acclimate.parts.loops._groups import Drawn, referred
from acclimate.parts.loops._learner import Learner
from acclimate.parts.loops._material import Material
from acclimate.parts.loops.fit import Fit
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Role: TypeAlias = Literal["targets", "reference"]
"""What the scores of another model are to a loss."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Heard(Material):
    """What a training looks at, with the scores of another learner.

    Args:
        other: whose scores are heard, of the same lists.
        lists: the lists of the other; it may know documents by other rows.
        role: what the scores are to the loss: its targets, or its reference beside the labels.
    """

    other: Learner
    lists: Material
    role: Role

    def draw(self, places: Integers) -> Drawn:
        """What stands at these places of the order."""
        drawn = super().draw(places)
        heard = scores_of(self.other, self.lists.draw(places))
        if self.role == "targets":
            return replace(drawn, values=heard)
        return replace(drawn, reference=heard)


def scores_of(learner: Learner, drawn: Drawn) -> Floats:
    """What a learner says now, (B, K); 0 where there is no document."""
    with torch.no_grad():
        scores: Floats = learner.scores(drawn).float().cpu().numpy()
    return np.where(drawn.mask, scores, np.float32(0))


class Together(torch.nn.Module):
    """Two learners that are carried back together.

    Args:
        first: whose model the training gives.
        second: the one beside it.
        learns: whether the second does.
    """

    def __init__(self, first: Learner, second: Learner, *, learns: bool) -> None:
        super().__init__()
        self.first = first
        self.second = second if learns else second.requires_grad_(requires_grad=False)
        self.learns = learns
        second.model.eval()

    @property
    def model(self) -> Any:
        """The model of the first."""
        return self.first.model

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, of the one and of the other."""
        yield from self.first.pieces(places)
        if self.learns:
            yield from self.second.pieces(places)


@dataclass(frozen=True, eq=False)
class Learning:
    """Two trainings at once.

    Args:
        loops: how the first learns, and the second; None: it does not.
        students: the first and the second, as they are before.
        tables: what they learn from.
        ctx: its folder takes both models.
        candidates: whose scores are the reference of both losses; None: there is none.
    """

    loops: tuple[Fit, Fit | None]
    students: tuple[Student, Student]
    tables: tuple[Corpus, Queries, Labels]
    ctx: Context
    candidates: Candidates | None = None

    def trained(self, name: str, role: Role) -> Student:
        """The first after a training in which it heard the second.

        Args:
            name: of the method: a checkpoint of another is not used.
            role: what the second's scores are to the first's loss. As a reference, the second
                hears the first's too.
        """
        first, second = self.learners()
        hear(first, second, role)
        return self.carried_out(name, first, second)

    def learners(self) -> tuple[Learner, Learner]:
        """Both, over the same lists in the same order, each with the labels as values."""
        (loop, beside), (one, other), ctx = self.loops, self.students, self.ctx
        groups = loop._groups(*self.tables, ctx)
        if self.candidates is not None:
            groups = referred(groups, *self.tables[:2], self.candidates)
        first = loop._learner(*self.tables[:2], groups, one, ctx)
        second = (beside or loop)._learner(*self.tables[:2], groups, other, ctx)
        second.material = replace(second.material, turns=first.material.turns)
        return first, second

    def carried_out(self, name: str, first: Learner, second: Learner) -> Student:
        """The first after the training, with the second beside it.

        Args:
            name: of the method: a checkpoint of another is not used.
            first: as `learners` gave it, or told to hear the second.
            second: likewise.
        """
        (loop, beside), (one, other), ctx = self.loops, self.students, self.ctx
        if ctx.folder is None:
            raise StoreError(f"{name} writes weights and needs a folder. Give Context(folder=…).")
        with reading(first.model, one.shape), reading(second.model, other.shape):
            first.scale = loop._scale(first, ctx)
            second.scale = 1.0 if beside is None else beside._scale(second, ctx)
            plain = beside and replace(beside, save_every=None)
            told = (
                name,
                plain,
                self.candidates,
                first.scale,
                second.scale,
                *self.tables,
                one,
                other,
                ctx,
            )
            rate = None if beside is None else beside.learning_rate
            course = replace(loop._course(first.material.groups, ctx), beside=rate)
            both = Together(first, second, learns=beside is not None)
            after = completed(
                both, course, key_of(loop, *told), one, ctx, behind=_behind(first, one)
            )
        if beside is None:
            return replace(after, beside=other.encoder)
        folder = ctx.folder / "beside"
        new = kept(second.model, other, folder, behind=_behind(second, other))
        return replace(after, beside=new.encoder)


def hear(first: Learner, second: Learner, role: Role) -> None:
    """Let the first hear the second's scores; each other's, where the role is the reference."""
    lists = {learner: learner.material for learner in (first, second)}
    heard = [(first, second)] if role == "targets" else [(first, second), (second, first)]
    for learner, other in heard:
        own = {field.name: getattr(lists[learner], field.name) for field in fields(Material)}
        learner.material = Heard(**own, other=other, lists=lists[other], role=role)


def _behind(learner: Learner, student: Student) -> Model | None:
    return student.stands_on if learner.head is not None else None
