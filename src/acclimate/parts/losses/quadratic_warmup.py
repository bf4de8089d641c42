"""QuadraticWarmup: the weight of a term of a loss, as training goes on."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError


@dataclass(frozen=True, kw_only=True)
class QuadraticWarmup:
    """A weight that is 0 until `after` updates, then grows with the square of the update.

    At update t it is weight · min(1, (t − after) / steps)². A student that is pressed to be sparse
    before it can rank learns to use no word at all. With `steps=0` the weight is whole at once.

    Rows: [053], [057].

    Paper:   Paria, Yeh, Yen, Xu, Ravikumar, Póczos, Minimizing FLOPs to Learn Efficient Sparse
             Representations, ICLR 2020, section 4. https://arxiv.org/abs/2004.05665
    Code:    naver/splade, RegWeightScheduler.
    Differs: `after` is from the contrast of questions, whose term begins at a later epoch.
    Cost:    nothing.

    Args:
        weight: at its highest. SPLADE++: 0.5 for queries and 0.4 for documents with MarginMSE,
            0.0003 and 0.0001 with in-batch InfoNCE.
        steps: updates it grows. SPLADE++: 50,000.
        after: updates before it begins.
    """

    weight: float
    steps: int = 50_000
    after: int = 0

    def __post_init__(self) -> None:
        """Refuse times before the beginning."""
        if min(self.steps, self.after) < 0:
            raise RecipeError(f"{self!r}: steps and after are counts of updates, 0 or above.")

    def at(self, step: int) -> float:
        """The weight at this update, counted from 0."""
        if step < self.after:
            return 0.0
        if step >= self.after + self.steps:
            return self.weight
        return self.weight * ((step - self.after) / self.steps) ** 2
