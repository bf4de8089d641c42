"""How a ranker of several retrievers learns, and how well it ranks.

Shapes: Q queries, K labelled documents of each, X numbers that the retrievers say of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from acclimate.models.fusion_ranker import FusionRanker, said
from acclimate.models.indexes.ranking import looked_up
from acclimate.models.ref import Hits, Integers
from acclimate.parts.evaluators.gains import gains_of, ndcg
from acclimate.parts.loops._groups import Drawn
from acclimate.parts.loops._training import untouched
from acclimate.parts.part import Loss

BATCH = 32
"""Queries of an update."""

CUTOFF = 10
"""Ranks that count where it is measured."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a ranker learns.

    Args:
        loss: of its scores and the labels.
        hidden: width of its network.
        steps: updates.
        learning_rate: of its weights.
        seed: of the first weights and of what is drawn.
    """

    loss: Loss
    hidden: int
    steps: int
    learning_rate: float
    seed: int


def fitted(lists: Sequence[Hits], told: Drawn, rows: Integers, course: Course) -> FusionRanker:
    """A ranker that learned from some of the queries.

    Args:
        lists: what each retriever found, for all queries.
        told: their labels.
        rows: which it learns from.
        course: how.
    """
    heard_QKX = torch.from_numpy(said(lists, told.documents))
    targets, mask = torch.from_numpy(told.values), torch.from_numpy(told.mask)
    rng = np.random.default_rng(course.seed)
    with untouched():
        torch.manual_seed(course.seed)
        ranker = FusionRanker(len(lists), course.hidden)
        ranker.measured(heard_QKX[rows][mask[rows]])
        optimiser = torch.optim.AdamW(ranker.parameters(), lr=course.learning_rate)
        for _ in range(course.steps):
            some = torch.from_numpy(rng.choice(rows, size=min(BATCH, len(rows))))
            loss = course.loss(ranker(heard_QKX[some]), targets[some], mask[some])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
    return ranker


def measured(
    ranker: FusionRanker, lists: Mapping[str, Hits], told: Drawn, rows: Integers
) -> dict[str, float]:
    """NDCG of the ranker and of each retriever, over the labelled documents of some queries.

    Ties, such as of all that a retriever did not find, go against the source, which stands first.
    """
    told = told.rows(rows)
    few = {name: Hits(found.positions[rows], found.scores[rows]) for name, found in lists.items()}
    missing = np.full(len(told), -np.inf, dtype=np.float32)
    orders = {"ranker": ranker.scores(list(few.values()), told.documents)}
    orders |= {name: looked_up(found, told.documents, missing) for name, found in few.items()}
    gains = gains_of(np.where(told.mask, told.values, np.nan))
    late = np.broadcast_to(-np.arange(told.documents.shape[1]), told.documents.shape)
    found = {}
    for name, scores in orders.items():
        order = np.lexsort((late, np.where(told.mask, -scores, np.inf)), axis=1)
        ranked = np.take_along_axis(gains, order, axis=1)
        found[name] = round(float(ndcg(ranked, gains, CUTOFF).mean()), 4)
    return found
