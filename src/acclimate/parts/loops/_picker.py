"""Picker: a student with a state, and the loss of its picks.

Shapes: S states, K documents to pick from, T documents picked, D dimensions; B groups, M rollouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from acclimate.models.encoders.state import ROUTE
from acclimate.models.ref import Floats, Integers
from acclimate.parts.loops._groups import Turns
from acclimate.parts.loops._rollouts import Padded, Rollouts, padded, stratified


@dataclass(frozen=True, eq=False)
class Vectors:
    """What is encoded once.

    Args:
        queries: (Q, D).
        documents: (U, D).
        normalised: whether they have length one.
    """

    queries: Floats
    documents: Floats
    normalised: bool


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is learned from: a group is a state, or all rollouts of a query.

    Args:
        states: all of them.
        targets: (G, K) or (G, M).
        mask: which of them count.
        paths: of each group's rollouts, the states and the places in them, (G, M, T) each, -1 for
            none; None where a group is a state.
    """

    states: Padded
    targets: Floats
    mask: Any
    paths: tuple[Integers, Integers] | None = None

    def rows(self, kept: Integers) -> Lesson:
        """Some of its groups."""
        if self.paths is not None:
            numbers, places = self.paths
            chosen = (numbers[kept], places[kept])
            return Lesson(self.states, self.targets[kept], self.mask[kept], chosen)
        return Lesson(self.states.rows(kept), self.targets[kept], self.mask[kept])


def by_pick(made: Rollouts, *, shown: bool) -> Lesson:
    """Each state is a group, and its documents are compared.

    Args:
        made: the rollouts.
        shown: whether what was picked is right and the others are wrong; else each has its value.
    """
    states = padded(made, range(len(made.states)))
    targets = states.values
    if shown:
        targets = np.zeros_like(targets)
        for path in made.paths:
            targets[path.states, path.places] = 1
    return Lesson(states, targets, states.documents >= 0)


def by_rollout(made: Rollouts) -> Lesson:
    """Each query is a group, and its rollouts are compared by what they are worth in the end."""
    groups: dict[int, list[int]] = {}
    for number, path in enumerate(made.paths):
        groups.setdefault(path.query, []).append(number)
    widest = max(map(len, groups.values()), default=0)
    longest = max((len(path.states) for path in made.paths), default=0)
    numbers = np.full((len(groups), widest, longest), -1, dtype=np.int64)
    places, targets = numbers.copy(), np.zeros(numbers.shape[:2], dtype=np.float32)
    mask = np.zeros(targets.shape, dtype=bool)
    for group, own in enumerate(groups.values()):
        for column, path in enumerate(made.paths[number] for number in own):
            numbers[group, column, : len(path.states)] = path.states
            places[group, column, : len(path.places)] = path.places
            targets[group, column] = made.worth(path)[-1]
            mask[group, column] = True
    return Lesson(padded(made, range(len(made.states))), targets, mask, (numbers, places))


class Picker(torch.nn.Module):
    """The maps of a student that picks, and a loss.

    Args:
        model: with the routes of `students.Sequential`.
        vectors: of queries and documents, before the maps.
        loss: of picks or of rollouts.
        temperature: divides scores where picks are drawn, or rollouts get their chance.
        seed: decides the order.
    """

    def __init__(
        self, model: Any, vectors: Vectors, loss: Any, *, temperature: float, seed: int
    ) -> None:
        super().__init__()
        self.model = model
        routes = model[0].sub_modules
        self.asks, self.state = routes["query"][-1].linear, routes[ROUTE][-1].linear
        self.queries = torch.from_numpy(np.array(vectors.queries)).to(model.device)
        self.documents = torch.from_numpy(np.array(vectors.documents)).to(model.device)
        self.normalised = vectors.normalised
        self.loss, self.temperature, self.seed = loss, temperature, seed
        self.lesson: Lesson | None = None
        self.before: torch.Tensor | None = None

    def learn(self, lesson: Lesson) -> None:
        """Take what is to be learned from, and note the scores before."""
        self.lesson, self.turns = lesson, Turns(len(lesson.targets), self.seed)
        if getattr(self.loss, "looks_back", False):
            with torch.no_grad():
                self.before = self._scores(lesson)

    def draw(self, states: Padded, rng: np.random.Generator) -> Integers:
        """The place of the next pick in each of a query's states, by the policy as it is."""
        with torch.no_grad():
            scores = self.of_states(states) / self.temperature
        there = states.documents >= 0
        return stratified(np.where(there, scores.cpu().numpy(), -np.inf), rng)

    def of_states(self, states: Padded) -> torch.Tensor:
        """Scores of the documents to pick from in each, (S, K)."""
        asks_SD = self.queries[self._rows(states.queries)]
        asks_SD = asks_SD + self.asks(asks_SD)
        if self.normalised:
            asks_SD = torch.nn.functional.normalize(asks_SD, dim=-1)
        if states.picked.shape[1]:
            there_ST1 = self._rows(states.picked >= 0)[:, :, None]
            of_picked = self.documents[self._rows(np.maximum(states.picked, 0))] * there_ST1
            mean_SD = of_picked.sum(dim=1) / there_ST1.sum(dim=1).clamp(min=1)
            asks_SD = asks_SD + self.state(mean_SD)
        found_SKD = self.documents[self._rows(np.maximum(states.documents, 0))]
        return torch.einsum("sd,skd->sk", asks_SD, found_SKD)

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """The loss of the groups at these places of the order."""
        assert self.lesson is not None  # noqa: S101 - `learn` came before
        groups = self.turns.at(places)[0]
        lesson = self.lesson.rows(groups)
        told = () if self.before is None else (self.before[self._rows(groups)],)
        loss = self.loss(
            self._scores(lesson), self._rows(lesson.targets), self._rows(lesson.mask), *told
        )
        yield loss, float(loss.detach())

    def _scores(self, lesson: Lesson) -> torch.Tensor:
        """Of the documents of each state, or of rollouts: the logarithms of their chances."""
        if lesson.paths is None:
            return self.of_states(lesson.states)
        numbers, places = lesson.paths
        met, back = np.unique(numbers, return_inverse=True)
        rows, first = met[met >= 0], int((met < 0).any())
        states = lesson.states.rows(rows)
        logits_SK = self.of_states(states) / self.temperature
        open_SK = self._rows(states.documents >= 0)
        log_p_SK = logits_SK.masked_fill(~open_SK, -torch.inf).log_softmax(dim=1)
        at = np.maximum(back.reshape(numbers.shape) - first, 0)
        told = log_p_SK[self._rows(at), self._rows(np.maximum(places, 0))]
        return told.masked_fill(self._rows(numbers < 0), 0.0).sum(dim=2)

    def _rows(self, rows: Any) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self.documents.device)
