"""FalseNegativeAdapter: what may be relevant after all counts less against the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.indexes.flat import OWN
from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts._codes import coded, looked_up
from acclimate.parts._rated import rated
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, TensorLoss, Trainer
from acclimate.tables import Corpus, Labels, Queries

if TYPE_CHECKING:
    from acclimate.models.error_adapter import ErrorAdapter
    from acclimate.parts.loops._error_adapter import Pairs

Mask = np.ndarray[Any, np.dtype[np.bool_]]

ADAPTER = "adapter"
"""Whose labels the student's loop is told."""


@dataclass(frozen=True, kw_only=True)
class FalseNegativeAdapter:
    """Trains the student on labels that say how likely a document is relevant though not named.

    An adapter behind the student's vectors learns what each label is: a source that the teacher
    finds relevant or not, and another document that it finds irrelevant, or relevant, a false
    negative. Documents that the teacher values as high as its sources are relevant to it. The
    student does not learn meanwhile. Then its loop is told the adapter's probability of a false
    negative for every document but the source: `losses.ReweightedInfoNCE` lets these count less.

    The adapter sees vectors alone, so what it says of a pair is what it found in many: an odd
    value of the teacher does not become an odd label. With `reranks` it learns once more, from the
    vectors that the student gives afterwards, and is kept in the folder `adapter` of this step:
    `indexes.AdapterReranked` puts results in order with it.

    Rows: [025].

    Paper:   RRRA: Resampling and Reranking through a Retriever Adapter, 2025, section 3.
             https://arxiv.org/abs/2508.11670
    Code:    none published.
    Differs: the classes come from a teacher, where the paper has judgements; the adapter does not
             go on learning while the student does, but learns before and, to rerank, after; how its
             classes see the moved document is our reading.
    Cost:    one encoding of the labelled documents, `steps` updates of 256 pairs of vectors
             (seconds), and its loop; the first two twice where it reranks.

    Args:
        loop: how the student learns; its loss takes targets as probabilities to be relevant.
        norm: keeps the documents that the adapter moves in place: `losses.SegmentNorm()`. None:
            nothing does.
        share: of sources that the teacher values too low to be relevant, 0…1; what it values
            above the others' lowest is.
        steps: updates of the adapter.
        learning_rate: of the adapter.
        hidden: width of its MLP.
        reranks: whether an adapter is kept for searches.

    Returns:
        The student of the loop.

    Raises:
        RecipeError: when the student does not make one vector of a text.
        StoreError: when it is to be kept and there is no folder.
        TableError: when no source of a training query has a label.
    """

    loop: Trainer
    norm: TensorLoss | None = None
    share: float = 0.1
    steps: int = 300
    learning_rate: float = 1e-3
    hidden: int = 256
    reranks: bool = False

    def __post_init__(self) -> None:
        """Refuse a loop that does not train, and an adapter that learns nothing."""
        check_trainers(self, (self.loop,))
        if not 0 <= self.share <= 1 or min(self.steps, self.hidden) < 1 or self.learning_rate <= 0:
            raise RecipeError(
                f"FalseNegativeAdapter(share={self.share}, steps={self.steps}, "
                f"learning_rate={self.learning_rate}, hidden={self.hidden}): give a share from 0 "
                "to 1, and others above 0."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the adapter, then the student."""
        if type(student.encoder) in OWN:
            raise RecipeError(
                "FalseNegativeAdapter reads vectors, and the student makes none of a whole text. "
                "Give a dense encoder."
            )
        if self.reranks and ctx.folder is None:
            raise StoreError(
                "FalseNegativeAdapter(reranks=True) keeps an adapter and needs a folder. Give "
                "Context(folder=…)."
            )
        labels = labels.following(queries).following(corpus)
        classes, is_source = classes_of(queries, labels, self.share)
        tables = (corpus, queries, labels)
        told = self._doubted(tables, classes, is_source, student, ctx)
        after = trained(self.loop, (corpus, queries, told), student, ctx, folder="reweighted")
        if self.reranks and ctx.folder is not None:
            self._learned(tables, classes, after, ctx)[0].save(ctx.folder / "adapter")
        return after

    def _learned(
        self,
        tables: tuple[Corpus, Queries, Labels],
        classes: Integers,
        student: Student,
        ctx: Context,
    ) -> tuple[ErrorAdapter, Pairs]:
        """An adapter that learned the classes of the training queries' labels, and all labels."""
        from acclimate.parts.loops._error_adapter import Pairs, Study, fitted

        corpus, queries, labels = tables
        asked, found = _rows(labels, "query_id", queries), _rows(labels, "doc_id", corpus)
        trains = np.asarray([split == "train" for split in queries["split"]], dtype=bool)[asked]
        rows, places = np.unique(found, return_inverse=True)
        contents = corpus.contents
        encoder, texts = student.encoder, [contents[row] for row in rows]
        queries_QD = ctx.engine.encode(encoder, queries["text"], kind="query")
        documents_UD = ctx.engine.encode(encoder, texts, kind="document")
        pairs = Pairs(_at(queries_QD, asked), _at(documents_UD, places.reshape(-1)))
        study = Study(
            steps=self.steps,
            learning_rate=self.learning_rate,
            hidden=self.hidden,
            seed=int(ctx.rng(self).integers(2**31)),
            norm=self.norm,
        )
        known = Pairs(pairs.queries[trains], pairs.documents[trains])
        return fitted(known, classes[trains], study), pairs

    def _doubted(
        self,
        tables: tuple[Corpus, Queries, Labels],
        classes: Integers,
        is_source: Mask,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """The labels, with 1 for a source and for others how likely each is a false negative."""
        from acclimate.models.error_adapter import CLASSES
        from acclimate.parts.loops._error_adapter import doubts

        labels = tables[2]
        values = doubts(*self._learned(tables, classes, student, ctx))
        negative = {name: ~is_source & (classes == CLASSES.index(name)) for name in CLASSES}
        ctx.note(
            "adapter",
            {
                "labels": {name: int((classes == n).sum()) for n, name in enumerate(CLASSES)},
                "mean doubt": {
                    name: round(float(values[mask].mean()), 3)
                    for name, mask in negative.items()
                    if mask.any()
                },
            },
        )
        return Labels.columns(
            query_id=labels.rows.column("query_id"),
            doc_id=labels.rows.column("doc_id"),
            value=np.where(is_source, np.float32(1), values).astype(np.float32),
            teacher=[ADAPTER] * len(labels),
        )


def classes_of(queries: Queries, labels: Labels, share: float) -> tuple[Integers, Mask]:
    """What each label is, a place in `CLASSES`, and whether it is of a source: both (N,).

    Raises:
        TableError: when no source of a training query has a label.
    """
    told = rated(queries, labels)
    trains = np.asarray([split == "train" for split in queries["split"]], dtype=bool)
    values = told.source[trains]
    if not np.isfinite(values).any():
        raise TableError(
            f"FalseNegativeAdapter has nothing to learn from: of {int(trains.sum())} training "
            "queries none has a label of its source. Put a labeller before it."
        )
    bars = np.array(
        [np.nanquantile(v, share) if np.isfinite(v).any() else np.inf for v in values.T]
    )
    relevant = told.value >= bars[told.teacher]
    classes = np.where(told.is_source, np.where(relevant, 0, 2), np.where(relevant, 1, 3))
    return classes.astype(np.int64), told.is_source


def _rows(labels: Labels, column: str, table: Queries | Corpus) -> Integers:
    codes, ids = coded(labels, column)
    rows: Integers = looked_up(ids, table.position)[codes]
    return rows


def _at(vectors: Floats, rows: Integers) -> Floats:
    """Rows of vectors, in memory."""
    return np.ascontiguousarray(vectors[rows], dtype=np.float32)
