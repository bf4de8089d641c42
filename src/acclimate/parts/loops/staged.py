"""Staged: several stretches of steps, each with the student of the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.loops.rounds import Rounds
from acclimate.parts.part import Context, Part
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Trains in stages: pre-train, then fine-tune, then distil, and the student passes on.

    A stage is a stretch of steps that ends with a student. Each begins with the corpus, the
    queries and the student alone, so that a stage which writes queries of its own, as pre-training
    on cropped sentences does, leaves nothing behind but what the student learned. All stages are
    checked before the first begins; a run finds the finished ones again after a crash.

    Rows: [021], [036].

    Paper:   Jha, Wang, Günther et al., Jina-ColBERT-v2, 2024, section 3 (pairs, then triplets,
             then a cross-encoder's scores). https://arxiv.org/abs/2408.16672; pre-training before
             any label: Izacard et al., Contriever, TMLR 2022. https://arxiv.org/abs/2112.09118
    Code:    none followed.
    Differs: a stage is any stretch of steps.
    Cost:    its stages.

    Args:
        stages: the steps of each stage, in order; one step of each gives the student.

    Returns:
        The student of the last stage.

    Raises:
        RecipeError: when there is no stage, or when the steps of one do not fit together.
    """

    stages: tuple[tuple[Part, ...], ...]

    def __post_init__(self) -> None:
        """Check all stages, before anything is made."""
        if not self.stages:
            raise RecipeError("Staged has no stage. Give it tuples of steps.")
        for number, steps in enumerate(self.stages, 1):
            try:
                Rounds(steps=steps, rounds=1)
            except RecipeError as error:
                raise RecipeError(f"Staged, stage {number}: {error}") from error

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Student:
        """Carry out the stages."""
        total = len(self.stages)
        for number in ctx.track(range(1, total + 1), "stages", total):
            folder = ctx.folder / f"stage-{number}" if ctx.folder else None
            once = Rounds(steps=self.stages[number - 1], rounds=1)
            student = once(corpus, queries, student, replace(ctx, folder=folder))
        return student
