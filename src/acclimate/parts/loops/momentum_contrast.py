"""MomentumContrast: queries learn against a queue that a slow copy of the student fills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from acclimate.errors import RecipeError, StoreError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts.loops._alike import alike
from acclimate.parts.loops._completed import completed, key_of, reading
from acclimate.parts.loops._groups import Groups
from acclimate.parts.loops.fit import Fit
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries

if TYPE_CHECKING:
    from acclimate.parts.loops._material import Material


@dataclass(frozen=True, kw_only=True)
class MomentumContrast:
    """Trains queries against a queue of vectors of the documents of earlier updates (MoCo).

    The student encodes queries and learns. A copy of it encodes documents without a gradient, and
    follows: before each update, θ_copy ← m · θ_copy + (1 − m) · θ_student. What it made of the
    last `queue` documents stays, and all of these count as not relevant: a batch of 64 has a
    thousand negatives that cost a product. As the copy is slow, the old vectors are still good.

    A document in the queue that has a label for a query, is a copy of the query's own or another
    reading of it (`loops.Cloze`) does not count for that query. The queue begins empty and its
    filled places alone count, so that the first update learns nothing. A killed training goes on
    from its last checkpoint, with the copy and the queue as they were.

    Rows: [098].

    Paper:   Izacard, Caron, Hosseini, Riedel, Bojanowski, Joulin, Grave, Unsupervised Dense
             Information Retrieval with Contrastive Learning, TMLR 2022, section 3.
             https://arxiv.org/abs/2112.09118; He, Fan, Wu, Xie, Girshick, Momentum Contrast for
             Unsupervised Visual Representation Learning, CVPR 2020. https://arxiv.org/abs/1911.05722
    Code:    facebookresearch/contriever, src/moco.py.
    Differs: the queue begins empty, not with random vectors; documents that are a query's own
             count for it only as the key of this update; vectors are compared as the student
             compares them (by cosine, where it does); one process; dropout is off, for the copy
             even where the student asks for it (`students.Dense(dropout=True)`).
    Cost:    that of the loop, without carrying documents back; a second model in memory, and
             `queue` vectors.

    Args:
        loop: a `loops.Fit`, whose loss is of a query's own documents: `losses.InfoNCE` with a
            temperature of 0.05 is the paper's, with `candidates=1`. More candidates are labelled
            documents of the query's own, which do not enter the queue.
        queue: documents that are kept, a multiple of the loop's batch. Paper: 131,072.
        momentum: share of the copy that stays at each update, 0 to 1. Paper: 0.9995, over 500,000
            updates; a hundred of them leave such a copy nearly where it began.

    Returns:
        The student with its new weights, saved in the folder of this step. The copy is dropped.

    Raises:
        RecipeError: when the loop is none that can be told of a queue, when the queue is no
            multiple of its batch, or when the student does not make one vector of a text.
        TableError: when no training query has labels the loss can learn from.
    """

    loop: Trainer
    queue: int = 1_024
    momentum: float = 0.9995

    def __post_init__(self) -> None:
        """Refuse what cannot keep a queue."""
        batch = self._fit.batch
        if self.queue < batch or self.queue % batch:
            raise RecipeError(
                f"MomentumContrast(queue={self.queue}) does not hold whole batches of {batch}. "
                f"Give a multiple, such as {max(1, round(self.queue / batch)) * batch}."
            )
        if not 0 <= self.momentum <= 1:
            raise RecipeError(
                f"MomentumContrast(momentum={self.momentum}): a share must lie between 0 and 1."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the student."""
        from acclimate.parts.loops._keys import Keys

        if ctx.folder is None:
            raise StoreError("MomentumContrast writes weights. Give Context(folder=…).")
        fit, tables = self._fit, (corpus, queries, labels)
        groups = fit._groups(*tables, ctx)
        learner = fit._learner(corpus, queries, groups, student, ctx)
        same = _renumbered(alike(corpus, groups.documents), groups, learner.material)
        learner.material = replace(learner.material, same=same)
        keys = Keys(learner, student.shape, places=self.queue, momentum=self.momentum)
        with reading(learner.model, student.shape), reading(keys.second.model, student.shape):
            learner.scale = fit._scale(learner, ctx)
            told = (type(self).__name__, self.queue, self.momentum, learner.scale)
            key = key_of(fit, *told, *tables, student, ctx)
            stem = student.stands_on if learner.head is not None else None
            return completed(keys, fit._course(groups, ctx), key, student, ctx, behind=stem)

    @property
    def _fit(self) -> Fit:
        """The loop, which looks at a query's own documents and is told of no scores before it.

        Raises:
            RecipeError: when it is another.
        """
        fit = self.loop
        if not isinstance(fit, Fit):
            raise RecipeError(f"MomentumContrast adds a queue to loops.Fit; not to {fit!r}.")
        for name, why in (
            ("in_batch", "looks at the documents of the batch, and the queue takes their place"),
            ("looks_back", "is told the scores the student had before, which the queue has not"),
        ):
            if getattr(fit.loss, name, False):
                raise RecipeError(
                    f"MomentumContrast: {fit.loss!r} {why}. Give a loss of a query's own "
                    "documents, such as losses.InfoNCE."
                )
        return fit


def _renumbered(numbers: Integers, groups: Groups, material: Material) -> Integers:
    """Numbers of documents by the rows of a training, which differ where vectors stay.

    Args:
        numbers: by the rows of the corpus.
        groups: labelled documents by the rows of the corpus.
        material: of the training; its groups are the same.
    """
    found = np.full(len(material.documents), -1, dtype=np.int64)
    found[material.groups.documents] = numbers[groups.documents]
    return found
