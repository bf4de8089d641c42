"""QuestionSpace: documents are as relevant as the questions written from them are like a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._pairs import labelled, pairs
from acclimate.parts._scored import scored
from acclimate.parts._sources import sources
from acclimate.parts._words import normal
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Pooling = Literal["max", "sum"]
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class QuestionSpace:
    """Similarity of a query to the questions that were written from each candidate.

    A question is nearer to another question than to a text that answers it: both are short and ask.
    Where questions are written for the whole corpus, to search is to find the nearest of them, and
    their documents answer. The query itself is none of them, nor is one of the same words; held-out
    queries are not stored.

    Rows: [082].

    Paper:   Open-Domain Question Answering with Pre-Constructed Question Spaces, 2020.
             https://arxiv.org/abs/2006.08337
    Code:    none followed.
    Differs: rates documents for a student that searches documents, where the paper answers from the
             stored questions when somebody asks.
    Cost:    one encoding of each query by the base model, as a query and as a stored text.

    Args:
        pooling: of the questions of a document: "max", the nearest, or "sum", all of them.

    Returns:
        One label per candidate of which questions are stored, in the order of the candidates, in
        the units of the base model's similarities.
    """

    pooling: Pooling = "max"

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Labels:
        """Label the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        place, stored = _questions(sources(corpus, queries), queries, asked, found)
        texts = queries["text"]
        rows, column = np.unique(stored, return_inverse=True)
        like = np.empty(0, dtype=np.float32)
        if len(stored):
            known = [texts[row] for row in rows.tolist()]
            like = scored(student.start, texts, known, asked[place], column.reshape(-1), ctx)
        values = pooled(like, place, len(candidates), self.pooling)
        ctx.note("candidates without a stored question", int(np.isnan(values).sum()))
        return labelled(candidates, values.astype(np.float32), f"question space, {self.pooling}")


def _questions(
    source: Integers, queries: Queries, asked: Integers, found: Integers
) -> tuple[Integers, Integers]:
    """For each candidate and question of its document: its place, and the question's row."""
    train = np.asarray([split == "train" for split in queries["split"]], dtype=bool)
    rows = np.flatnonzero(train & (source >= 0))
    rows = rows[np.argsort(source[rows], kind="stable")]
    starts = np.searchsorted(source[rows], found, side="left")
    counts = np.searchsorted(source[rows], found, side="right") - starts
    place = np.repeat(np.arange(len(found)), counts)
    within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
    stored = rows[np.repeat(starts, counts) + within] if len(place) else place
    codes: dict[str, int] = {}
    said = np.asarray([codes.setdefault(normal(t), len(codes)) for t in queries["text"]], np.int64)
    other = said[stored] != said[asked[place]] if len(place) else np.empty(0, dtype=bool)
    return place[other], stored[other]


def pooled(similarity: Values | Any, place: Integers, count: int, pooling: Pooling) -> Values:
    """The greatest similarity at each place, or the sum, (count,); NaN where there is none.

    Example:
        >>> at = np.array([0, 0, 2])
        >>> pooled(np.array([0.8, 0.3, 0.5]), at, 3, "max").tolist()
        [0.8, nan, 0.5]
        >>> pooled(np.array([0.8, 0.3, 0.5]), at, 3, "sum").tolist()
        [1.1, nan, 0.5]
    """
    values = np.full(count, -np.inf if pooling == "max" else 0.0)
    (np.maximum if pooling == "max" else np.add).at(values, place, similarity)
    values[np.bincount(place, minlength=count) == 0] = np.nan
    return values
