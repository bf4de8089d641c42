"""Rounds: a stretch of steps again and again, each time with the student as it is then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, gives, needs
from acclimate.parts.shelf import Shelf
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """Repeats mining, labelling and training, so that candidates come from the current student.

    Each round begins with the corpus, the queries and the student alone: candidates and labels
    are made anew. Steps that do not depend on the student are found again by the run, and not
    paid for twice; so are whole rounds after a crash.

    Origin: refreshing the negatives, as in Xiong et al., Approximate Nearest Neighbor Negative
            Contrastive Learning for Dense Text Retrieval, ICLR 2021.
            https://arxiv.org/abs/2007.00808
    Code:    none published.
    Differs: the index is refreshed between trainings, not during one.
    Cost:    its steps, `rounds` times.

    Args:
        rounds: how often.
        steps: the parts of a round, in order; one of them gives the student.

    Returns:
        The student of the last round.

    Raises:
        RecipeError: when the steps do not fit together, or when none gives a student.
    """

    steps: tuple[Part, ...]
    rounds: int = 2

    def __post_init__(self) -> None:
        """Check that the steps fit, before anything is made."""
        if self.rounds < 1:
            raise RecipeError(f"Rounds(rounds={self.rounds}) would do nothing. Give 1 or more.")
        have: set[type] = {Corpus, Queries, Student}
        for number, part in enumerate(self.steps, 1):
            missing = sorted(k.__name__ for k in set(needs(part).values()) - have)
            if missing:
                raise RecipeError(
                    f"Rounds, step {number}: {part!r} needs {', '.join(missing)}; a round begins "
                    f"with Corpus, Queries and Student, and there is "
                    f"{', '.join(sorted(k.__name__ for k in have))}. Put its maker before it."
                )
            have.add(gives(part))
        if Student not in map(gives, self.steps):
            raise RecipeError("Rounds has no step that gives a Student. Put loops.Fit last.")

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Student:
        """Carry out the rounds."""
        for number in ctx.track(range(1, self.rounds + 1), "rounds", self.rounds):
            folder = ctx.folder / f"round-{number}" if ctx.folder else None
            shelf = Shelf((corpus, queries, student))
            shelf.run(self.steps, replace(ctx, folder=folder, notes={}))
            student = shelf[Student]
        return student
