"""Stages: how composites call the loops inside them, and let one model label for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Model, Student
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._scored import scored
from acclimate.parts.part import Context, Trainer, gives, needs
from acclimate.parts.shelf import Shelf
from acclimate.tables import Candidates, Corpus, Labels, Queries, Table


def check_trainers(owner: object, loops: tuple[Trainer, ...], *more: type) -> None:
    """Refuse members that do not train, or that need what their composite does not have.

    Args:
        owner: the composite.
        loops: its members.
        more: what it has for them beside documents, queries, labels and the student.

    Raises:
        RecipeError: when there is no member, or one that does not fit.
    """
    name = type(owner).__name__
    if not loops:
        raise RecipeError(f"{name} has nothing that trains. Give it a loop such as loops.Fit.")
    have = {Corpus, Queries, Labels, Student, *more}
    for loop in loops:
        missing = sorted(kind.__name__ for kind in set(needs(loop).values()) - have)
        if missing or gives(loop) is not Student:
            lacks = f"needs {', '.join(missing)}" if missing else "does not give a Student"
            raise RecipeError(
                f"{name}: {loop!r} {lacks}. Its loops may take "
                f"{', '.join(sorted(kind.__name__ for kind in have))}, and give a Student, as "
                "loops.Fit does."
            )


def trained(
    loop: Trainer, tables: Iterable[Table], student: Student, ctx: Context, *, folder: str
) -> Student:
    """The student after one loop, which has a folder of its own and is kept and found by the run.

    Args:
        loop: what trains.
        tables: what it may need.
        student: as it is before.
        ctx: of the composite.
        folder: name of the loop's folder below the composite's.
    """
    shelf = Shelf((*tables, student))
    below = ctx.folder / folder if ctx.folder else None
    shelf.run((loop,), replace(ctx, folder=below, notes={}))
    return shelf[Student]


def labels_by(
    model: Model, name: str, tables: tuple[Corpus, Queries, Candidates], ctx: Context
) -> Labels:
    """A model's own scores of the candidates, as labels; a document is encoded once.

    Args:
        model: of any of the four families.
        name: what it is called as a teacher.
        tables: the candidates, and what they refer to.
        ctx: lends the engine.
    """
    corpus, queries, candidates = tables
    asked, found = pairs(corpus, queries, candidates)
    rows, places = np.unique(found, return_inverse=True)
    contents = corpus.contents
    texts = [contents[row] for row in rows]
    scores = scored(model, queries["text"], texts, asked, places.reshape(-1), ctx)
    return labelled(candidates, scores, name)
