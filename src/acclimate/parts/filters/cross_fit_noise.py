"""CrossFitNoise: weak pairs that a model of the other pairs does not expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._hashing import hashes, mixed, salt
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Array = np.ndarray[Any, np.dtype[Any]]

_WRONG = 4
"""Mismatched pairs for each pair; they weigh as much as it does."""
_PENALTY = 1.0
"""Of the squared weights, against the sum over the pairs."""


@dataclass(frozen=True, kw_only=True)
class CrossFitNoise:
    """Queries whose document a classifier of the other queries' pairs holds to be theirs.

    For pairs that were fetched or matched rather than written: logs, answers, links. They are cut
    into folds; for each fold a classifier learns from the other folds to tell pairs from the same
    queries with other pairs' documents, and says how likely each pair of its own fold is one. No
    pair is judged by a classifier that has seen it, so that none is defended because it was learned
    by heart. No teacher is needed.

    The classifier is a logistic regression on the products of both base vectors, dimension by
    dimension, and on their sum.

    Rows: [064].

    Paper:   VoxLingua107: a Dataset for Spoken Language Recognition, 2020 (labels from the query
             that fetched an item, cleaned by a model of such labels).
             https://arxiv.org/abs/2011.12998
    Code:    none followed.
    Differs: pairs of a query and a document for speech and its language; the classifier and its
             threshold are our choice.
    Cost:    one encoding of the queries and their documents by the base model.

    Args:
        folds: how many.
        threshold: probability from which a pair stays; a pair and a mismatch are equally likely
            before. 0 keeps all.

    Returns:
        The queries kept, in their order; those without a source document stay.
    """

    stochastic: ClassVar[bool] = True  # what is left would be fitted anew

    folds: int = 5
    threshold: float = 0.3

    def __post_init__(self) -> None:
        """Refuse a fold that would judge itself, and a threshold that is no probability."""
        if self.folds < 2 or not 0 <= self.threshold < 1:
            raise RecipeError(
                f"{self!r}: give 2 folds or more, and a threshold of 0 or more and below 1."
            )

    def __call__(self, corpus: Corpus, queries: Queries, student: Student, ctx: Context) -> Queries:
        """Keep the pairs that are expected."""
        source = sources(corpus, queries)
        rows = np.flatnonzero(source >= 0)
        ids, texts, contents = queries["query_id"], queries["text"], corpus.contents
        used, column = np.unique(source[rows], return_inverse=True)
        if len(used) < 2:
            return queries
        asked = ctx.engine.encode(student.start, [texts[r] for r in rows], kind="query")
        found = ctx.engine.encode(student.start, [contents[r] for r in used], kind="document")
        luck = hashes([ids[r] for r in rows], salt(ctx, self))
        fold = (luck % np.uint64(self.folds)).astype(np.int64)
        likely = cross_fitted(
            np.asarray(asked, np.float64), np.asarray(found, np.float64),
            column.reshape(-1), fold, luck,
        )  # fmt: skip
        kept = np.ones(len(queries), dtype=bool)
        kept[rows] = likely >= self.threshold
        dropped = int((~kept).sum())
        ctx.note("dropped", {f"less likely than {self.threshold:g} to belong together": dropped})
        return queries.keep(kept)


def cross_fitted(
    queries: Array, documents: Array, own: Integers, fold: Integers, luck: Array
) -> Array:
    """How likely each pair is one, by a classifier of the pairs of the other folds, (N,).

    Args:
        queries: vectors, (N, D).
        documents: vectors, (U, D).
        own: row of each query's document, (N,).
        fold: of each pair, (N,).
        luck: decides the mismatches, (N,) uint64.

    Returns:
        Probabilities; 1 where no other fold has a pair.
    """
    likely = np.ones(len(own))
    true = _features(queries, documents[own])
    tries = np.stack([mixed(luck, np.full_like(luck, n)) for n in range(_WRONG)], axis=1)
    other = (tries % np.uint64(len(documents) - 1)).astype(np.int64)
    other += other >= own[:, None]  # any but its own
    wrong = _features(np.repeat(queries, _WRONG, axis=0), documents[other.reshape(-1)])
    for number in np.unique(fold):
        theirs = fold != number
        if theirs.any():
            weights = fitted(true[theirs], wrong[np.repeat(theirs, _WRONG)])
            likely[~theirs] = _logistic(true[~theirs] @ weights)
    return likely


def fitted(true: Array, wrong: Array) -> Array:
    """Weights of a logistic regression that tells rows from rows, both alike in weight, (F,)."""
    from scipy.optimize import minimize

    rows = np.concatenate([true, wrong])
    sign = np.concatenate([np.ones(len(true)), -np.ones(len(wrong))])
    share = np.concatenate(
        [np.full(len(true), 1.0), np.full(len(wrong), len(true) / max(1, len(wrong)))]
    )

    def loss(weights: Array) -> tuple[float, Array]:
        margin = sign * (rows @ weights)
        pull = -share * sign * _logistic(-margin)
        value = (share * np.logaddexp(0.0, -margin)).sum() + _PENALTY / 2 * weights @ weights
        return float(value), rows.T @ pull + _PENALTY * weights

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def _features(queries: Array, documents: Array) -> Array:
    """Products of the dimensions, their sum, and a constant, (N, D + 2); scaled by √D."""
    products = queries * documents
    size = np.sqrt(products.shape[1])
    ends = [products.sum(axis=1, keepdims=True) * size, np.ones((len(products), 1))]
    return np.concatenate([products * size, *ends], axis=1)


def _logistic(values: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -500, 500))))
