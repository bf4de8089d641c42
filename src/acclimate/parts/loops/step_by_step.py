"""StepByStep: a student learns to pick documents that are good together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.student import Student
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._pairs import pairs
from acclimate.parts.loops._completed import completed, key_of
from acclimate.parts.loops._joined import joined
from acclimate.parts.loops._rollouts import Reader, Rollouts, gains, rolled
from acclimate.parts.part import Context, Labeller, Trainer
from acclimate.tables import Candidates, Corpus, Queries

if TYPE_CHECKING:
    from acclimate.parts.loops._picker import Picker


@dataclass(frozen=True, kw_only=True)
class StepByStep:
    """Documents are picked one after another, and the student learns from what they are together.

    For each query some documents are picked from its candidates, and after each pick the labeller
    says of every document left what it is worth read behind those that are there. By "student",
    picks are drawn from the student's own chances, over the whole of its list; by "teacher" the one
    that is worth most is picked, as long as it adds something. What is learned from:

    - "values": in each state, what each document would be worth (`losses.PPO`);
    - "picks": in each state, that what was picked is right (`losses.InfoNCE`);
    - "rollouts": of each query, which of its rollouts was worth most in the end; a column is a
      rollout and its score the logarithm of its chance (`losses.WeightedNLL`, `losses.GRPO`).

    `students.Sequential` goes before it. Texts are encoded once. The source is never picked.

    Rows: [047], [051], [058].

    Paper:   Learning to Retrieve Iteratively for In-Context Learning (IterR), EMNLP 2024.
             https://arxiv.org/abs/2406.14739
             Reinforcing Compositional Retrieval (RCR), 2025. https://arxiv.org/abs/2504.11420
             Direct Retrieval-augmented Optimization (DRO), 2025. https://arxiv.org/abs/2505.03075
    Code:    none followed.
    Differs: a pick is rewarded by what it adds at once, and not by what later ones add; rollouts
             are drawn before the training and not while it goes on: `loops.Rounds` draws anew.
    Cost:    one label per state and document left, at most picks · rollouts · candidates for each
             query; training is two maps.

    Args:
        loop: steps, batch, rate, loss, and how many candidates: a `loops.Fit`.
        labeller: says what documents in an order, as one text, are worth.
        learns: what from.
        by: who picks.
        picks: of a query.
        rollouts: of a query; 1 where the teacher picks.
        temperature: divides scores where picks are drawn. For cosines about 0.05.

    Returns:
        The student with its new maps.

    Raises:
        RecipeError: when the student has no state, or its settings teach nothing.
        TableError: when no training query has candidates the loss can learn from.
    """

    loop: Trainer
    labeller: Labeller
    learns: Literal["values", "picks", "rollouts"] = "values"
    by: Literal["student", "teacher"] = "student"
    picks: int = 3
    rollouts: int = 1
    temperature: float = 0.05

    def __post_init__(self) -> None:
        """Refuse to pick nothing, and what cannot be compared."""
        joined(self, self.loop, None)
        if min(self.picks, self.rollouts) < 1 or self.temperature <= 0:
            raise RecipeError(
                f"StepByStep(picks={self.picks}, rollouts={self.rollouts}, "
                f"temperature={self.temperature}): give values above 0."
            )
        if self.by == "teacher" and (self.rollouts > 1 or self.learns == "rollouts"):
            raise RecipeError(
                "StepByStep: a teacher picks in one way, so that rollouts would all be the same. "
                'Give rollouts=1 and learns="picks" or "values", or by="student".'
            )

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Pick, and learn from it."""
        from acclimate.parts.loops._training import Course

        if ctx.folder is None:
            raise StoreError("StepByStep writes weights. Give Context(folder=…).")
        fit, _ = joined(self, self.loop, None)
        lists = self._lists(corpus, queries, candidates, fit.candidates)
        picker = self._picker(corpus, queries, student, ctx)
        drawn = salt(ctx, self)
        names = queries["query_id"]
        made = rolled(
            lists,
            Reader(self.labeller, (corpus, queries), student, ctx),
            picker.draw if self.by == "student" else None,
            picks=self.picks,
            rollouts=self.rollouts,
            luck=lambda row: rng_of(names[row], drawn),
        )
        self._report(made, lists, ctx)
        groups = self._teach(picker, made)
        course = Course(
            steps=fit.steps,
            batch=min(fit.batch, groups),
            learning_rate=fit.learning_rate,
            warmup=min(fit.warmup, fit.steps // 2),
            seed=picker.seed,
            device=ctx.engine.device,
            save_every=fit.save_every,
        )
        key = key_of(fit, self, corpus, queries, candidates, student, ctx)
        return completed(picker, course, key, student, ctx)

    def _lists(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, count: int
    ) -> dict[int, list[int]]:
        """Rows of the documents that each training query picks from, best first."""
        asked, found = pairs(corpus, queries, candidates)
        trains = np.array([split == "train" for split in queries["split"]], dtype=bool)
        usable = trains[asked] & ~candidates.array("is_source").astype(bool)
        lists: dict[int, list[int]] = {}
        for place in np.lexsort((candidates.array("rank"), asked)):
            if usable[place]:
                own = lists.setdefault(int(asked[place]), [])
                if len(own) < count:
                    own.append(int(found[place]))
        return lists

    def _picker(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Picker:
        from acclimate.models.encoders.state import ROUTE
        from acclimate.models.family import reading
        from acclimate.parts.loops._picker import Picker, Vectors

        fit, _ = joined(self, self.loop, None)
        model = student.encoder.load(ctx.engine.device)
        model = model if student.shape is None else student.shape.prepare(model)
        if ROUTE not in getattr(model[0], "sub_modules", {}):
            raise RecipeError(
                "StepByStep: the student has no state, so that what it picked would change "
                "nothing. Put students.Sequential before it."
            )
        base = student.stands_on
        vectors = Vectors(
            ctx.engine.encode(base, queries["text"], kind="query"),
            ctx.engine.encode(base, corpus.contents, kind="document"),
            reading(model).normalised,
        )
        seed = int(ctx.rng(self).integers(2**31))
        return Picker(model, vectors, fit.loss, temperature=self.temperature, seed=seed)

    def _teach(self, picker: Picker, made: Rollouts) -> int:
        """Give the picker what its loss can learn from; how many groups that are."""
        import torch

        from acclimate.parts.loops._picker import by_pick, by_rollout

        if self.learns == "rollouts":
            lesson = by_rollout(made)
        else:
            lesson = by_pick(made, shown=self.learns == "picks")
        told: Any = lesson.mask.any(axis=1)
        counts = getattr(picker.loss, "counts", None)
        if counts is not None and len(told):
            told = counts(torch.from_numpy(lesson.targets), torch.from_numpy(lesson.mask)).numpy()
        kept = np.flatnonzero(told)
        if not len(kept):
            raise TableError(
                f"StepByStep has nothing to learn from: of {len(told)} groups none has values that "
                f"{picker.loss!r} can learn from. It needs several candidates for each query, and "
                "a labeller that has a value for them."
            )
        picker.learn(lesson.rows(kept))
        return len(kept)

    def _report(self, made: Rollouts, lists: dict[int, list[int]], ctx: Context) -> None:
        """How much was picked, and what each pick but the first added."""
        added = [gains(made.worth(path)) for path in made.paths]
        by_step = [[g[n] for g in added if len(g) > n] for n in range(self.picks - 1)]
        ctx.note(
            "picks",
            {
                "queries": len(lists),
                "rollouts": len(made.paths),
                "states": len(made.states),
                "gains": [round(float(np.mean(of)), 4) for of in by_step if of],
            },
        )
