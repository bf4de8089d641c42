"""MergeWeights: one model of several trainings, by the mean of their weights."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.ref import Integers
from acclimate.models.student import Model, Student
from acclimate.parts._scored import scored
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.loops.scale import Numbers
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class MergeWeights:
    """Trains the same student in several ways, and takes the mean of their weights.

    Each loop starts from the student that comes in. The mean is of all ("average"), or greedy:
    the training that agrees best with the teacher on held-out queries first, then each next one
    that does not lower the agreement of the mean. Agreement is the share of a query's pairs of
    labelled documents that the student puts in the teacher's order, in the mean over queries.
    Trainings that begin at the same weights mostly lie in one basin, where means are as good as
    ensembles and cost one model.

    Paper:   Wortsman, Ilharco, Gadre et al., Model Soups, ICML 2022, section 2.
             https://arxiv.org/abs/2203.05482; the share: Wortsman et al., Robust Fine-Tuning of
             Zero-Shot Models, CVPR 2022. https://arxiv.org/abs/2109.01903
    Code:    mlfoundations/model-soups.
    Differs: held-out accuracy is agreement with the teacher.
    Cost:    its loops; "greedy" encodes the held-out queries and their labelled documents twice
             for each.

    Args:
        loops: what trains, each in its own way: another seed, loss or learning rate.
        how: which trainings the mean is of; "greedy" needs labels of held-out queries. Paper:
            greedy.
        share: how far from the student that comes in to the mean the result lies, 0 to 1.

    Returns:
        The student with the merged weights, saved in the folder of this step.

    Raises:
        TableError: when "greedy" has no held-out query with two labels to put in order.
    """

    loops: tuple[Trainer, ...]
    how: Literal["average", "greedy"] = "average"
    share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse loops that do not train, and a share that leads nowhere."""
        check_trainers(self, self.loops)
        if not 0 < self.share <= 1:
            raise RecipeError(f"MergeWeights(share={self.share}): must be above 0 and at most 1.")

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train and merge."""
        if ctx.folder is None:
            raise StoreError("MergeWeights writes weights. Give Context(folder=…).")
        folder = ctx.folder
        pairs = held_out(corpus, queries, labels) if self.how == "greedy" else None
        tables = (corpus, queries, labels)
        members = [
            trained(loop, tables, student, ctx, folder=f"member-{number}").encoder
            for number, loop in ctx.track(enumerate(self.loops, 1), "members", len(self.loops))
        ]

        def join(one: Model, other: Model, share: float) -> Model:
            return between(one, other, share, folder)

        if pairs is None:
            merged = mean_of(members, join)
            ctx.note("merged", {"members": len(members)})
        else:
            rates = [pairs.agreement(member, ctx) for member in members]
            merged, taken = greedy(members, rates, lambda m: pairs.agreement(m, ctx), join)
            ctx.note("merged", {"agreement": rates, "taken": [row + 1 for row in taken]})
        if self.share < 1:
            merged = join(student.encoder, merged, self.share)
        return student.trained(merged)


Join = Callable[[Model, Model, float], Model]


def mean_of(members: Sequence[Model], join: Join) -> Model:
    """The mean of all, joined one after the other: the n-th at a share of 1 / n."""
    merged = members[0]
    for count, member in enumerate(members[1:], 2):
        merged = join(merged, member, 1 / count)
    return merged


def greedy(
    members: Sequence[Model],
    rates: Sequence[float],
    rate: Callable[[Model], float],
    join: Join,
) -> tuple[Model, list[int]]:
    """The greedy soup, and which members are in it, in the order they came.

    Args:
        members: the models.
        rates: how good each is alone; of equals the first goes first.
        rate: how good a mean is.
        join: (one, other, share) -> the model that lies `share` of the way from one to other.
    """
    first, *rest = sorted(range(len(members)), key=lambda row: -rates[row])
    merged, best, taken = members[first], rates[first], [first]
    for row in rest:
        tried = join(merged, members[row], 1 / (len(taken) + 1))
        found = rate(tried)
        if found >= best:
            merged, best = tried, found
            taken.append(row)
    return merged, taken


def between(one: Model, other: Model, share: float, folder: Path) -> Model:
    """The blend of two models, in a folder whose name tells what it is the blend of."""
    from acclimate.models.encoders.blend import blend

    told = f"{one.fingerprint()} {other.fingerprint()} {share}"
    name = f"merged-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    return blend(one, other, share, folder / name)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The labels of held-out queries.

    Args:
        queries: texts of the queries.
        documents: texts of the labelled documents.
        asked: which query each label is of, (N,).
        found: which document, (N,).
        values: the teacher's, (N,).
    """

    queries: list[str]
    documents: list[str]
    asked: Integers
    found: Integers
    values: Numbers

    def agreement(self, encoder: Model, ctx: Context) -> float:
        """The share of pairs that an encoder puts in the teacher's order."""
        scores = scored(encoder, self.queries, self.documents, self.asked, self.found, ctx)
        return agreement(scores, self.values, self.asked)


def held_out(corpus: Corpus, queries: Queries, labels: Labels) -> HeldOut:
    """The labels of held-out queries whose values tell documents apart.

    Raises:
        TableError: when there are none.
    """
    asked = queries.of_split("heldout")
    kept = labels.where("query_id", asked["query_id"]).following(corpus)
    rows = np.asarray([asked.position[q] for q in kept["query_id"]], dtype=np.int64)
    names, found = np.unique(kept["doc_id"], return_inverse=True)
    values = kept.array("value").astype(np.float64)
    if not any(np.ptp(values[rows == row]) > 0 for row in np.unique(rows)):
        raise TableError(
            f"MergeWeights compares trainings on held-out queries, and of {len(asked)} none has "
            "labels that tell two documents apart. Put filters.HoldOut before the miner and the "
            "labeller, or take how='average'."
        )
    texts, contents = asked["text"], corpus.contents
    documents = [contents[corpus.position[str(name)]] for name in names]
    return HeldOut(texts, documents, rows, found.reshape(-1).astype(np.int64), values)


def agreement(scores: Numbers, values: Numbers, asked: Integers) -> float:
    """The share of pairs with different values that the scores put in the same order.

    The mean over queries that have such a pair; equal scores are half in order; 0 where no query
    has one.

    Args:
        scores: the student's, (N,).
        values: the teacher's, (N,).
        asked: which query each is of, (N,).
    """
    shares = []
    for query in np.unique(asked):
        own, told = scores[asked == query], values[asked == query]
        order = told[:, None] > told[None, :]
        if order.any():
            ahead = np.sign(own[:, None] - own[None, :])
            shares.append(float((ahead[order] + 1).mean() / 2))
    return float(np.mean(shares)) if shares else 0.0
