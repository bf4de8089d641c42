"""How a ranker of several retrievers learns, and how well it ranks.

Shapes: Q queries, K labelled documents of each, X numbers that the retrievers say of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from acclimate.models.indexes.fusion_ranker import FusionRanker, said
from acclimate.models.indexes.ranking import looked_up
from acclimate.models.ref import Floats, Hits, Integers
from acclimate.parts.loops._groups import Drawn
from acclimate.parts.loops._training import untouched
from acclimate.parts.part import Loss

BATCH = 32
"""Queries of an update."""


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
    """The share of pairs in order, of the ranker and of each retriever, over some queries.

    The mean over queries of the share of pairs of labelled documents, of values that differ, of
    which the more valued one scores higher; equal scores, as of all that is not found, count half.
    """
    told = told.rows(rows)
    few = {name: Hits(found.positions[rows], found.scores[rows]) for name, found in lists.items()}
    missing = np.full(len(told), np.finfo(np.float32).min, dtype=np.float32)
    scores = {"ranker": ranker.scores(list(few.values()), told.documents)}
    scores |= {name: looked_up(found, told.documents, missing) for name, found in few.items()}
    return {name: _in_order(of, told) for name, of in scores.items()}


def _in_order(scores: Floats, told: Drawn) -> float:
    shares = []
    for score, value, there in zip(scores, told.values, told.mask, strict=True):
        higher = value[there][:, None] > value[there]
        ahead = np.sign(score[there][:, None] - score[there])[higher]
        shares += [(ahead.mean() + 1) / 2] if len(ahead) else []
    return round(float(np.mean(shares)), 4) if shares else 0.5
