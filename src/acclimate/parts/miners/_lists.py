"""Lists: what a miner found, query by query, for the miners that choose among it.

Shapes: N candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._codes import coded, places_within
from acclimate.parts._hashing import hashes, mixed, salt
from acclimate.parts.part import Context, Labeller, Miner, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Lists:
    """Candidates and what a choice among them looks at, (N,) each.

    Args:
        found: the candidates.
        query: a number for the query of each, in order of coming.
        rank: from 1.
        score: the miner's.
        source: whether it is what its query was written from.
    """

    found: Candidates
    query: Integers
    rank: Integers
    score: Values
    source: Mask

    @classmethod
    def of(cls, found: Candidates) -> Self:
        """The lists of these candidates."""
        return cls(
            found,
            coded(found, "query_id")[0],
            found.array("rank").astype(np.int64),
            found.array("score").astype(np.float64),
            found.array("is_source").astype(bool),
        )

    @property
    def others(self) -> Mask:
        """Which are not the source of their query, (N,)."""
        return ~self.source

    @cached_property
    def own(self) -> Values:
        """The score of the source of each candidate's query, (N,); NaN where it has none."""
        return self.of_source(self.score)

    def of_source(self, values: Values) -> Values:
        """What the source of each candidate's query has of these values, (N,); NaN without one."""
        own = np.full(self.query.max(initial=-1) + 1, np.nan)
        own[self.query[self.source]] = values[self.source]
        return own[self.query]

    def luck(self, key: int) -> Values:
        """A number between 0 and 1 for each candidate, by its ids and the key alone, (N,)."""
        query, query_ids = coded(self.found, "query_id")
        document, doc_ids = coded(self.found, "doc_id")
        bits = mixed(hashes(query_ids, key)[query], hashes(doc_ids, key)[document])
        return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def shares(self, logits: Values) -> Values:
        """Logarithms of the softmax of each query's candidates, (N,)."""
        top = np.full(self.query.max(initial=-1) + 1, -np.inf)
        np.maximum.at(top, self.query, logits)
        shifted = logits - top[self.query]
        whole = np.bincount(self.query, weights=np.exp(shifted), minlength=len(top))
        return np.asarray(shifted - np.log(whole)[self.query])

    def first(self, by: Values | Integers, count: int, among: Mask) -> Mask:
        """Each query's source and its `count` others with the lowest `by`, (N,); ties by rank."""
        others = among & self.others
        order = np.lexsort((self.rank, by, ~others, self.query))
        return self.source | (others & (places_within(self.query, order) < count))

    def drawn(self, log_chance: Values, count: int, among: Mask, key: int) -> Mask:
        """Each query's source and `count` others, drawn without putting back, (N,).

        An exponential race: the next is each time drawn with chances in proportion to
        exp(log_chance), which need no common scale.
        """
        time = np.log(-np.log(self.luck(key))) - log_chance
        return self.first(time, count, among)

    def kept(self, mask: Mask, score: Values | None = None) -> Candidates:
        """Some of the candidates, ranked from 1 by falling score; without one, in their order."""
        by = self.rank if score is None else -score
        rows = np.flatnonzero(mask)
        rows = rows[np.lexsort((self.rank[rows], by[rows], self.query[rows]))]
        table = self.found.take(rows).rows
        return Candidates.columns(
            query_id=table.column("query_id"),
            doc_id=table.column("doc_id"),
            rank=places_within(self.query[rows], np.arange(len(rows))) + 1,
            score=table.column("score") if score is None else score[rows],
            is_source=table.column("is_source"),
            miner=table.column("miner"),
        )


def listed(miner: Miner, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Lists:
    """The lists that a wrapped miner finds."""
    return Lists.of(apply(miner, (corpus, queries, student), ctx))


def labelled_by(
    labeller: Labeller,
    corpus: Corpus,
    queries: Queries,
    found: Candidates,
    student: Student,
    ctx: Context,
) -> Values:
    """What a labeller says of each candidate, (N,); NaN where it says nothing."""
    labels: Labels = apply(labeller, (corpus, queries, found, student), replace(ctx, notes={}))
    pairs = zip(labels["query_id"], labels["doc_id"], strict=True)
    told = dict(zip(pairs, labels["value"], strict=True))
    asked = zip(found["query_id"], found["doc_id"], strict=True)
    return np.asarray([told.get(pair, np.nan) for pair in asked], dtype=np.float64)


def round_key(part: object, student: Student, ctx: Context) -> int:
    """What decides the draws of a part: a student that has learned since the start draws anew.

    So rounds do not draw the same documents again and again, and a part called twice with the same
    things draws the same.
    """
    key = salt(ctx, part)
    if student.encoder == student.start:
        return key
    return int(hashes([student.encoder.fingerprint()], key)[0])


def check_draw(name: str, count: int, temperature: float) -> None:
    """Refuse to draw nothing, or from no softmax."""
    if count < 1 or temperature <= 0:
        raise RecipeError(
            f"{name}(count={count}, temperature={temperature}): give a count of 1 or more and a "
            "temperature above 0."
        )
