"""Fit: the training loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._hashing import salt
from acclimate.parts.loops._alike import alike, asks_strangers
from acclimate.parts.loops._completed import completed, key_of, reading
from acclimate.parts.loops._groups import ROWS, Groups, Turns, grouped, referred, topics_of
from acclimate.parts.loops.scale import scale_of
from acclimate.parts.part import Context, Loss
from acclimate.tables import Candidates, Corpus, Labels, Queries

if TYPE_CHECKING:
    from acclimate.parts.loops._learner import Learner
    from acclimate.parts.loops._training import Course

SCALE_QUERIES = 256
"""Queries whose margins the scale is fitted on."""

USED_SHARE = 0.2
"""Where fewer of the documents than this are in a group, only those are encoded."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Trains the student on labelled documents: each step, `batch` queries with `candidates`.

    A query brings the document it was written from (without one, the document its teacher values
    most) in column 0, and the next `candidates` − 1 of its other labelled documents, round and
    round in an order of chance; queries with fewer are padded. All queries have their turn before
    one comes again; queries of one topic (`filters.Topics`) one after the other, so that a batch
    of a topic's size has its documents in common. Held-out queries never train. A student whose
    documents are frozen encodes queries only: document vectors are computed once. Students of all
    four families of sentence-transformers learn here: what differs is how a pair gets its score.

    A loss that looks back (`losses.PPO`, `losses.GRPO`, `losses.DPO`) is told the scores with which
    the student came, computed once before the first update: the policy it is to stay near.

    A killed training goes on from its last checkpoint, and ends with the same weights, bit for
    bit, as one that was not killed.

    Called in each process that a launcher started (`torchrun --nproc-per-node 2 script.py`), with
    the same inputs and folder, the processes share every update and have the losses of one.

    Paper:   Wang, Thakur, Reimers, Gurevych, GPL, NAACL 2022, section 4 (140,000 steps of 32, a
             learning rate that warms up over 1,000 steps and falls to 0).
             https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/train.py; the loop is sentence-transformers'
             SentenceTransformerTrainer (AdamW, weight decay 0.01, gradients clipped at 1).
    Differs: several documents of a query are scored at once, and dropout is off (twice as fast)
             unless the student asks for it (`students.Dense(dropout=True)`); a batch is carried
             back in pieces of a few thousand tokens, so that memory does not grow with it; scores
             are brought into the teacher's units (`loops.scale`).
    Cost:    steps · batch queries and their documents, forward and back; with a loss that looks
             back, one scoring of all labelled documents.

    Args:
        loss: of scores (B, K); one of `losses`.
        steps: optimiser updates. Paper: 140,000.
        batch: queries of each; all there are, when they are fewer. Paper: 32.
        learning_rate: at its highest. Paper: 2e-5.
        warmup: updates until it is reached. Paper: 1,000.
        candidates: documents of a query in a step, the source among them. Paper: 2.
        scale: what the student's scores are multiplied with. None: fitted, where the loss
            compares scores with labels as numbers; else 1.
        save_every: updates between checkpoints. None: about a minute.

    Returns:
        The student with its new weights, saved in the folder of this step.

    Raises:
        TableError: when no training query has labels the loss can learn from, or when a query has
            labels of several teachers.
        ModelError: when the loss is no longer a number.
    """

    loss: Loss
    steps: int = 1_000
    batch: int = 32
    learning_rate: float = 2e-5
    warmup: int = 100
    candidates: int = 8
    scale: float | None = None
    save_every: int | None = None

    def __post_init__(self) -> None:
        """Refuse a training that would do nothing."""
        if min(self.steps, self.batch, self.candidates) < 1 or self.learning_rate <= 0:
            raise RecipeError(
                f"Fit(steps={self.steps}, batch={self.batch}, candidates={self.candidates}, "
                f"learning_rate={self.learning_rate}) would learn nothing. Give values above 0."
            )
        if getattr(self.loss, "looks_back", False) and getattr(self.loss, "in_batch", False):
            raise RecipeError(
                f"{self.loss!r} looks back at scores of a query's own documents, and at documents "
                "of the whole batch, which have none. Give a loss that does one of the two."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the student."""
        return self.fitted((corpus, queries, labels), student, ctx)

    def fitted(
        self,
        tables: tuple[Corpus, Queries, Labels],
        student: Student,
        ctx: Context,
        drawn: Candidates | None = None,
    ) -> Student:
        """The student after its training.

        Args:
            tables: what it learns from.
            student: who learns.
            ctx: its folder takes the model.
            drawn: candidates whose scores say how they were drawn: the reference of the loss, or
                its weights where it looks back. None: nothing was drawn.
        """
        from acclimate.parts.loops._before import before

        if ctx.folder is None:
            raise StoreError("Fit writes weights and needs a folder. Give Context(folder=…).")
        groups = self._groups(*tables, ctx)
        if drawn is not None:
            groups = referred(groups, *tables[:2], drawn)
        learner = self._learner(*tables[:2], groups, student, ctx)
        with reading(learner.model, student.shape):
            learner.scale = self._scale(learner, ctx)
            if getattr(self.loss, "looks_back", False):
                learner.material = replace(learner.material, groups=before(learner))
        given = () if drawn is None else (drawn,)
        key = key_of(self, learner.scale, *tables, *given, student, ctx)
        stem = student.stands_on if learner.head is not None else None
        return completed(learner, self._course(groups, ctx), key, student, ctx, behind=stem)

    def _groups(self, corpus: Corpus, queries: Queries, labels: Labels, ctx: Context) -> Groups:
        from acclimate.parts.loops._material import counted

        everything = grouped(corpus, queries, labels, salt(ctx, self))
        useful = np.zeros(len(everything), dtype=bool)
        for rows in _stretches(len(everything)):
            width = int(everything.widths[rows].max())
            useful[rows] = counted(self.loss, everything.draw(rows, np.zeros_like(rows), width))
        groups = everything.keep(useful)
        training = len(queries.of_split("train"))
        ctx.note(
            "examples",
            {
                "training queries": training,
                "without labels": training - len(everything),
                "with labels that teach nothing": len(everything) - len(groups),
                "queries that train": len(groups),
                "documents per query": round(float(groups.widths.mean()), 2) if len(groups) else 0,
            },
        )
        if not len(groups):
            raise TableError(
                f"Fit has nothing to learn from: of {training} training queries "
                f"{len(everything)} have labels, and none has labels that {self.loss!r} can "
                "learn from. It needs the source document and another one for each query."
            )
        return groups

    def _learner(
        self, corpus: Corpus, queries: Queries, groups: Groups, student: Student, ctx: Context
    ) -> Learner:
        from acclimate.parts.loops._learner import Learner
        from acclimate.parts.loops._material import Material
        from acclimate.parts.loops._pair_learner import PairLearner
        from acclimate.parts.loops._training import half_precision

        model, head = _prepared(student, ctx.engine.device)
        texts, vectors, asked = corpus.contents, None, None
        same = alike(corpus, groups.documents) if asks_strangers(self.loss) else None
        if head is not None or (student.shape is not None and student.shape.documents_frozen):
            groups, rows = _fewer(groups, len(texts))
            texts, same = [texts[row] for row in rows], same if same is None else same[rows]
            vectors = ctx.engine.encode(student.stands_on, texts, kind="document")
        if head is not None:
            asked = ctx.engine.encode(student.stands_on, queries["text"], kind="query")
        seed = int(ctx.rng(self).integers(2**31))
        turns = Turns(len(groups), seed, topics_of(queries, groups))
        material = Material(
            groups, turns, self.candidates, queries["text"], texts, vectors, asked, same
        )
        lower = head is None and half_precision(ctx.engine.device)
        kind = PairLearner if model.model_type == "CrossEncoder" else Learner
        return kind(model, self.loss, material, lower=lower, head=head, shape=student.shape)

    def _scale(self, learner: Learner, ctx: Context) -> float:
        """What scores are multiplied with; how far they reach is reported before training."""
        if not getattr(self.loss, "compares_units", False):
            return 1.0 if self.scale is None else self.scale
        import torch

        groups = learner.material.groups
        drawn = learner.material.draw(np.arange(min(len(groups), SCALE_QUERIES)))
        with torch.no_grad():
            parts = [learner.scores(drawn.rows(r)).float() for r in _stretches(len(drawn), 16)]
        scores, there = torch.cat(parts).cpu().numpy(), drawn.mask[:, 1:]
        report = scale_of(
            (scores[:, :1] - scores[:, 1:])[there],
            (drawn.values[:, :1] - drawn.values[:, 1:])[there],
            groups.values,
            normalised=learner.encoder.normalised,
            given=self.scale,
        )
        ctx.note("scale", report.as_note())
        return report.scale

    def _course(self, groups: Groups, ctx: Context) -> Course:
        from acclimate.parts.loops._training import Course

        return Course(
            steps=self.steps,
            batch=min(self.batch, len(groups)),
            learning_rate=self.learning_rate,
            warmup=min(self.warmup, self.steps // 2),
            seed=int(ctx.rng(self).integers(2**31)),
            device=ctx.engine.device,
            save_every=self.save_every,
        )


def _prepared(student: Student, device: str) -> tuple[Any, Any]:
    """The model that trains, and its head where only that learns.

    A head stands behind the vectors of `student.stands_on`, and goes on from what it learned in an
    earlier round.
    """
    shape = student.shape
    if shape is None:
        return student.encoder.load(device), None
    trained = student.encoder.load(device)
    if student.encoder == student.stands_on or shape.head(trained) is None:
        model = shape.prepare(trained)
        return model, shape.head(model)
    model = shape.prepare(student.stands_on.load(device))
    head = shape.head(model)
    head.load_state_dict(shape.head(trained).state_dict())
    return model, head


def _fewer(groups: Groups, documents: int) -> tuple[Groups, Integers]:
    """The groups as rows of the documents whose vectors never change, and which these are.

    Where most documents are in a group, all are encoded: a miner has most likely done it before,
    and the engine finds them again.
    """
    used, places = np.unique(groups.documents, return_inverse=True)
    if len(used) >= USED_SHARE * documents:
        return groups, np.arange(documents)
    return replace(groups, documents=places.reshape(groups.documents.shape)), used


def _stretches(count: int, size: int = ROWS) -> Iterator[Integers]:
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))
