"""Curriculum: easy queries, or easy documents, before hard ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow.compute as pc

from acclimate.errors import TableError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.loops.scale import Numbers
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Curriculum:
    """Trains in stages of growing difficulty, as the teacher's labels tell it.

    Of queries: a query is hard where the teacher values another document nearly as high as the
    one it was written from, or higher; the training queries are put in that order and cut into as
    many shares as there are stages. Of documents: all queries take part in every stage, and the
    documents beside the source come in the order of the teacher's value, so that those hardest to
    tell from it come last. Equally hard ones stand in the order of the tables.

    Rows: [001], [105].

    Paper:   Answer-Centric Retriever Tuning via KG-augmented Curriculum Learning, 2025 (three
             stages of harder documents). https://arxiv.org/abs/2511.16326; stages of labels:
             Zhang et al., Leveraging LLMs for Utility-Focused Annotation, 2025.
             https://arxiv.org/abs/2504.05220
    Code:    none followed.
    Differs: difficulty is read from the labels; ARK writes documents of three grades, and the
             second paper takes people's labels last.
    Cost:    its loops.

    Args:
        loops: what trains in each stage, easy to hard; the same several times, or with a learning
            rate that falls. Paper: 3, at 1e-5, 8e-6 and 4e-6.
        of: what is easy or hard.
        cumulative: whether a stage also has what earlier ones had. Paper: no.

    Returns:
        The student of the last stage. A stage that no query is left for is passed over and noted.

    Raises:
        TableError: when no training query has a label.
    """

    loops: tuple[Trainer, ...]
    of: Literal["queries", "documents"] = "queries"
    cumulative: bool = True

    def __post_init__(self) -> None:
        """Refuse stages that do not train."""
        check_trainers(self, self.loops)

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Carry out the stages."""
        judged = _judged(queries, labels)
        if not judged.training.any():
            raise TableError(
                f"Curriculum has nothing to put in order: of {len(labels)} labels none is of a "
                "training query. Put a labeller before it, and hold out fewer queries."
            )
        steps = self._steps(judged)
        told = []
        for number, loop in ctx.track(enumerate(self.loops), "stages", len(self.loops)):
            shown = self._shown(judged, steps, number)
            there = np.zeros(len(queries), dtype=bool)
            there[judged.asked[shown & judged.training]] = True
            trains = int(there.sum())
            told.append({"queries": trains, "labels": int((shown & judged.training).sum())})
            if trains:
                some = queries.keep(there | ~_training(queries))
                tables = (corpus, some, labels.keep(shown).following(some))
                student = trained(loop, tables, student, ctx, folder=f"stage-{number + 1}")
        ctx.note("stages", told)
        return student

    def _steps(self, judged: _Judged) -> Integers:
        """The stage in which each label is due, (N,)."""
        rank = _query_order if self.of == "queries" else _document_order
        places, of = rank(judged)
        return places * len(self.loops) // np.maximum(of, 1)

    def _shown(self, judged: _Judged, steps: Integers, number: int) -> Flags:
        """Which labels a stage has; those that do not train go along."""
        due = steps <= number if self.cumulative else steps == number
        always = ~judged.training
        return np.asarray(due | always | (judged.first if self.of == "documents" else False))


@dataclass(frozen=True, eq=False)
class _Judged:
    """The labels, looked at one by one: (N,) each.

    Args:
        asked: row of the label's query; -1 where there is none.
        first: whether its document is the one the query was written from.
        training: whether it is a number, for a query that trains.
        values: the teacher's.
    """

    asked: Integers
    first: Flags
    training: Flags
    values: Numbers


def _judged(queries: Queries, labels: Labels) -> _Judged:
    """The labels by query; where no label is of the source, the highest is the first."""
    ids = queries.rows.column("query_id").combine_chunks()
    rows = pc.index_in(labels.rows.column("query_id"), value_set=ids)
    asked = np.asarray(pc.fill_null(rows, -1)).astype(np.int64)
    values = labels.array("value").astype(np.float64)
    training = (asked >= 0) & np.isfinite(values)
    training[training] &= _training(queries)[asked[training]]
    sources = np.asarray([*queries["source_doc_id"], None], dtype=object)
    first = np.asarray(sources[asked] == labels.array("doc_id")) & training
    led = np.zeros(len(queries), dtype=bool)
    led[asked[first]] = True
    rest = np.flatnonzero(training & ~led[asked])
    order = rest[np.lexsort((rest, -values[rest], asked[rest]))]
    first[order[np.unique(asked[order], return_index=True)[1]]] = True
    return _Judged(asked, first, training, values)


def _training(queries: Queries) -> Flags:
    return np.asarray(pc.equal(queries.rows.column("split"), "train")).astype(bool)


def _query_order(judged: _Judged) -> tuple[Integers, Integers]:
    """The place of each label's query, easy ones first, and of how many."""
    count = int(judged.asked.max(initial=-1)) + 1
    source, other = np.full(count + 1, -np.inf), np.full(count + 1, -np.inf)
    for place, chosen in ((source, judged.first), (other, judged.training & ~judged.first)):
        np.maximum.at(place, judged.asked[chosen], judged.values[chosen])
    alone = np.isinf(other)  # nothing to tell it from: it teaches least, and comes last
    hard = np.where(alone, np.inf, other - np.where(alone, 0, source))
    trains = np.unique(judged.asked[judged.training])
    order = trains[np.argsort(hard[trains], kind="stable")]
    places = np.zeros(count + 1, dtype=np.int64)
    places[order] = np.arange(len(order))
    return places[judged.asked], np.full(len(judged.asked), len(order), dtype=np.int64)


def _document_order(judged: _Judged) -> tuple[Integers, Integers]:
    """The place of each label's document beside the source of its query, easy ones first."""
    places, of = np.zeros(len(judged.asked), dtype=np.int64), np.ones(len(judged.asked), np.int64)
    others = np.flatnonzero(judged.training & ~judged.first)
    order = others[np.lexsort((others, judged.values[others], judged.asked[others]))]
    _, starts, counts = np.unique(judged.asked[order], return_index=True, return_counts=True)
    places[order] = np.arange(len(order)) - np.repeat(starts, counts)
    of[order] = np.repeat(counts, counts)
    return places, of
