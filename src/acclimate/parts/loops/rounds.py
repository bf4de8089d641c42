"""Rounds: a stretch of steps again and again, each time with the student as it is then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, gives, needs
from acclimate.parts.shelf import Shelf
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """Repeats mining, labelling and training, so that candidates come from the current student.

    Each round begins with the corpus, the queries and the student alone: candidates and labels
    are made anew. Steps that do not depend on the student are found again by the run, and not
    paid for twice; so are whole rounds after a crash.

    With `restart` the student of a round mines, and the weights that all began with learn: so
    nothing is learned on top of what was forgotten. With `carry` the candidates of the round before
    are there as well, for a miner such as `miners.Momentum` that adds to them.

    Origin: refreshing the negatives, as in Xiong et al., Approximate Nearest Neighbor Negative
            Contrastive Learning for Dense Text Retrieval, ICLR 2021.
            https://arxiv.org/abs/2007.00808; starting over: Sun et al., Reduce Catastrophic
            Forgetting of Dense Retrieval Training with Teleportation Negatives, EMNLP 2022.
            https://arxiv.org/abs/2210.17167
    Code:    none published.
    Differs: the index is refreshed between trainings, not during one.
    Cost:    its steps, `rounds` times.

    Args:
        rounds: how often.
        steps: the parts of a round, in order; one of them gives the student.
        restart: whether training begins each time at the weights the student started from.
        carry: whether a round begins with the candidates of the round before, the first with none.

    Returns:
        The student of the last round.

    Raises:
        RecipeError: when the steps do not fit together, or when none gives a student.
    """

    steps: tuple[Part, ...]
    rounds: int = 2
    restart: bool = False
    carry: bool = False

    def __post_init__(self) -> None:
        """Check that the steps fit, before anything is made."""
        if self.rounds < 1:
            raise RecipeError(f"Rounds(rounds={self.rounds}) would do nothing. Give 1 or more.")
        have: set[type] = {Corpus, Queries, Student} | ({Candidates} if self.carry else set())
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
        carried = (Candidates.empty(),) if self.carry else ()
        for number in ctx.track(range(1, self.rounds + 1), "rounds", self.rounds):
            folder = ctx.folder / f"round-{number}" if ctx.folder else None
            shelf = Shelf((corpus, queries, student, *carried))
            for part in self.steps:
                if self.restart and gives(part) is Student:
                    shelf.put(student.trained(student.start))
                shelf.run((part,), replace(ctx, folder=folder, notes={}))
            student = shelf[Student]
            carried = (shelf[Candidates],) if self.carry else ()
        return student
