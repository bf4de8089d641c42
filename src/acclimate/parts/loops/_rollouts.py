"""Rollouts: documents picked one after another, and what a labeller says of those so far.

Shapes: S states, T documents picked at most, K documents to pick from; Q queries, M rollouts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from acclimate.models.ref import Floats, Integers
from acclimate.models.student import Student
from acclimate.parts.part import Context, Labeller, apply
from acclimate.tables import Candidates, Corpus, Labels, Queries

PREFIX = "picked:"
"""Begins the id of several documents that are read as one."""

State = tuple[int, tuple[int, ...]]
"""A query's row, and the rows of the documents picked, in order."""

Worth = dict[tuple[int, tuple[int, ...]], float]
"""What a labeller says of a query and documents in an order."""


@dataclass(frozen=True, eq=False)
class Path:
    """One way of picking for a query.

    Args:
        query: its row.
        states: numbers of the states it went through.
        places: of its pick, in each of them.
    """

    query: int
    states: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Rollouts:
    """Ways of picking, and what each is worth.

    Args:
        states: each state that was met, once.
        documents: rows of the documents to pick from in each, in the order of the candidates.
        values: what the labeller says of the picked with each of them; nan for nothing.
        paths: the rollouts, those of a query together.
    """

    states: list[State] = field(default_factory=list)
    documents: list[list[int]] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    def worth(self, path: Path) -> list[float]:
        """What a rollout was worth after each pick."""
        return [self.values[s][p] for s, p in zip(path.states, path.places, strict=True)]


@dataclass(frozen=True, eq=False)
class Padded:
    """Some states as arrays; -1 is no document.

    Args:
        queries: rows, (S,).
        picked: rows of the documents picked, (S, T).
        documents: rows of those to pick from, (S, K); -1 also where the labeller says nothing.
        values: what it says, (S, K); 0 where it says nothing.
    """

    queries: Integers
    picked: Integers
    documents: Integers
    values: Floats

    def rows(self, kept: Integers) -> Padded:
        """Some of them."""
        return Padded(
            self.queries[kept], self.picked[kept], self.documents[kept], self.values[kept]
        )


Pick: TypeAlias = Callable[[Padded, np.random.Generator], Integers]


def padded(made: Rollouts, numbers: Sequence[int]) -> Padded:
    """Some states of the rollouts."""
    states = [made.states[n] for n in numbers]
    values = _square([made.values[n] for n in numbers], np.nan)
    documents = _square([made.documents[n] for n in numbers], -1).astype(np.int64)
    known = np.isfinite(values)
    return Padded(
        np.array([query for query, _ in states], dtype=np.int64),
        _square([rows for _, rows in states], -1).astype(np.int64),
        np.where(known, documents, -1),
        np.where(known, values, 0.0).astype(np.float32),
    )


def _square(rows: Sequence[Sequence[float]], empty: float) -> Floats:
    """Rows of different lengths as an array."""
    made = np.full((len(rows), max(map(len, rows), default=0)), empty)
    for place, row in enumerate(rows):
        made[place, : len(row)] = row
    return made


def gains(worth: Sequence[float]) -> list[float]:
    """What each step adds; they sum to the end less the beginning.

    Example:
        >>> [round(gain, 2) for gain in gains([0.10, 0.25, 0.20, 0.40])]
        [0.15, -0.05, 0.2]
    """
    return [after - before for before, after in pairwise(worth)]


def stratified(log_chances: Floats, rng: np.random.Generator) -> Integers:
    """One draw for each row, of places that together cover the distributions, (M,).

    Places are put in the order of their chances, the likeliest first, and the m-th draw is from the
    m-th of M equal parts of the whole, in an order of chance: rollouts of a query that stand alike
    do not all begin with the same document.

    Args:
        log_chances: of each place, (M, K), up to a constant; -inf for none.
        rng: draws.
    """
    rollouts = len(log_chances)
    order = np.argsort(-log_chances, axis=1, kind="stable")
    sorted_ = np.take_along_axis(log_chances, order, axis=1)
    chances = np.exp(sorted_ - sorted_[:, :1])
    whole = chances.cumsum(axis=1)
    at = (rng.permutation(rollouts) + rng.random(rollouts)) / rollouts * whole[:, -1]
    there = (chances > 0).sum(axis=1)
    places = np.minimum((whole <= at[:, None]).sum(axis=1), there - 1)
    return np.asarray(order[np.arange(rollouts), places], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Reader:
    """What a labeller says of documents that are read one after another, as one text.

    Args:
        labeller: which.
        tables: the documents and the queries.
        student: for labellers that want one.
        ctx: of the loop.
    """

    labeller: Labeller
    tables: tuple[Corpus, Queries]
    student: Student
    ctx: Context

    def __call__(self, asked: Sequence[State]) -> Worth:
        """The value of each query and documents in an order that has one."""
        corpus, queries = self.tables
        names, contents = corpus["doc_id"], corpus.contents
        several = dict.fromkeys(rows for _, rows in asked if len(rows) > 1)
        ids = {rows: PREFIX + "+".join(names[row] for row in rows) for rows in several}
        texts = ["\n".join(contents[row] for row in rows) for rows in several]
        together = Corpus.columns(doc_id=list(ids.values()), title=[""] * len(ids), text=texts)
        ids |= {rows: names[rows[0]] for _, rows in asked if len(rows) == 1}
        query_ids, ranks = queries["query_id"], dict[int, int]()
        table = []
        for query, rows in asked:
            ranks[query] = ranks.get(query, 0) + 1
            table.append(
                {"query_id": query_ids[query], "doc_id": ids[rows], "rank": ranks[query],
                 "score": 0.0, "is_source": False, "miner": "picked"}
            )  # fmt: skip
        labels: Labels = apply(
            self.labeller,
            (Corpus.joined([corpus, together]), queries, Candidates.of(table), self.student),
            replace(self.ctx, notes={}),
        )
        pairs = zip(labels["query_id"], labels["doc_id"], strict=True)
        told = dict(zip(pairs, labels["value"], strict=True))
        found = {(q, rows): told.get((query_ids[q], ids[rows])) for q, rows in asked}
        return {state: float(value) for state, value in found.items() if value is not None}


def rolled(
    lists: dict[int, list[int]],
    read: Callable[[Sequence[State]], Worth],
    pick: Pick | None,
    *,
    picks: int,
    rollouts: int,
    luck: Callable[[int], np.random.Generator],
) -> Rollouts:
    """Pick documents for each query, step by step.

    Args:
        lists: by row of the query, rows of the documents it picks from.
        read: what documents in an order are worth.
        pick: draws the place of the next pick in each of some states; None: the one worth most,
            as long as it adds something.
        picks: how many at most.
        rollouts: of each query.
        luck: of a query: decides its draws.
    """
    made, known = Rollouts(), dict[State, int]()
    paths = {query: [Path(query) for _ in range(rollouts)] for query in lists}
    draws = {query: luck(query) for query in lists}
    alive = [path for own in paths.values() for path in own]
    for _ in range(picks):
        standing = [(path, _state(made, path)) for path in alive]
        _meet(made, known, [state for _, state in standing], lists, read)
        going = []
        for query in dict.fromkeys(state[0] for _, state in standing):
            own = [(p, known[s]) for p, s in standing if s[0] == query and s in known]
            if not own:
                continue
            numbers = [number for _, number in own]
            places = _places(made, numbers, pick, draws[query])
            for (path, number), place in zip(own, places.tolist(), strict=True):
                if pick is None and not _adds(made, path, number, place):
                    continue
                path.states.append(number)
                path.places.append(place)
                going.append(path)
        alive = going
    made.paths.extend(path for own in paths.values() for path in own if path.states)
    return made


def _state(made: Rollouts, path: Path) -> State:
    """Where a rollout stands."""
    taken = zip(path.states, path.places, strict=True)
    return path.query, tuple(made.documents[s][p] for s, p in taken)


def _meet(
    made: Rollouts,
    known: dict[State, int],
    standing: list[State],
    lists: dict[int, list[int]],
    read: Callable[[Sequence[State]], Worth],
) -> None:
    """Read what could be picked next in each state that is new; those with nothing are not kept."""
    new = [state for state in dict.fromkeys(standing) if state not in known]
    left = {s: [row for row in lists[s[0]] if row not in s[1]] for s in new}
    asked = [(q, (*rows, row)) for (q, rows), of in left.items() for row in of]
    worth = read(asked) if asked else {}
    for state, rows in left.items():
        query, taken = state
        values = [worth.get((query, (*taken, row)), np.nan) for row in rows]
        if np.isfinite(values).any():
            known[state] = len(made.states)
            made.states.append(state)
            made.documents.append(rows)
            made.values.append(values)


def _places(
    made: Rollouts, numbers: list[int], pick: Pick | None, rng: np.random.Generator
) -> Integers:
    """The place of the next pick in each of a query's states."""
    if pick is None:
        return np.array([int(np.nanargmax(made.values[n])) for n in numbers], dtype=np.int64)
    return pick(padded(made, numbers), rng)


def _adds(made: Rollouts, path: Path, number: int, place: int) -> bool:
    """Whether a pick is worth more than what was there before it; the first one always is."""
    before = made.worth(path)[-1] if path.states else -np.inf
    return bool(made.values[number][place] > before)
