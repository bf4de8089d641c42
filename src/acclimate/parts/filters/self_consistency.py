"""SelfConsistency: candidates whose document a classifier holds to be of their query's class.

Shapes: N pairs of a document and a class, D dimensions, C classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._pairs import pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries

Array = np.ndarray[Any, np.dtype[Any]]

_PENALTY = 1.0
"""Of the squared weights, against the sum over the pairs."""


@dataclass(frozen=True, kw_only=True)
class SelfConsistency:
    """Candidates of the class that a classifier of all that was found holds their document to be.

    The kind of a query is its class (`generators.ClassDescriptions`), and what a class's queries
    find is taken to be of it, wrongly at times. A classifier learns classes from all of it; where
    it sees another class than the one that found a document, one of the two is wrong, and the
    document leaves. Documents are cut into folds, and none is judged by a classifier that has seen
    it, so that no wrong class is defended because it was learned by heart.

    The classifier is a softmax regression on the vectors of the base model, all classes alike in
    weight.

    Rows: [033].

    Paper:   ReGen: Zero-shot classification data by progressive dense retrieval, Findings of ACL
             2023. https://arxiv.org/abs/2305.10703
    Code:    none followed.
    Differs: a regression on frozen vectors, and folds, where the paper fine-tunes a classifier
             that judges what it has seen.
    Cost:    one encoding of the candidates' documents by the base model.

    Args:
        folds: how many.

    Returns:
        The candidates kept, rows and order unchanged. The source of a query stays, and so does
        what is of the only class, or of a class that no other fold has.
    """

    stochastic: ClassVar[bool] = True  # what is left would be learned anew

    folds: int = 5

    def __post_init__(self) -> None:
        """Refuse a fold that would judge itself."""
        if self.folds < 2:
            raise RecipeError(f"SelfConsistency(folds={self.folds}): give 2 or more.")

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        student: Student,
        ctx: Context,
    ) -> Candidates:
        """Keep what is of its query's class."""
        asked, found = pairs(corpus, queries, candidates)
        names, kind = np.unique([k or "" for k in queries["kind"]], return_inverse=True)
        told = np.stack([found, kind.reshape(-1)[asked]], axis=1)
        if len(np.unique(told[:, 1])) < 2:
            return candidates
        each, place = np.unique(told, axis=0, return_inverse=True)
        rows, column = np.unique(each[:, 0], return_inverse=True)
        ids, contents = corpus["doc_id"], corpus.contents
        vectors = ctx.engine.encode(
            student.start, [contents[row] for row in rows.tolist()], kind="document"
        )
        luck = hashes([ids[row] for row in rows.tolist()], salt(ctx, self))
        fold = (luck % np.uint64(self.folds)).astype(np.int64)
        agrees = consistent(
            np.asarray(vectors, np.float64)[column], each[:, 1], fold[column]
        )[place.reshape(-1)]  # fmt: skip
        kept = agrees | candidates.array("is_source")
        ctx.note(
            "dropped",
            {
                f"found for {name!r}, of another class": int((~kept & (told[:, 1] == number)).sum())
                for number, name in enumerate(names.tolist())
                if (told[:, 1] == number).any()
            },
        )
        return candidates.keep(kept)


def consistent(vectors: Array, classes: Integers, fold: Integers) -> Array:
    """Whether a classifier of the other folds sees the class that each row has, (N,) bool.

    Args:
        vectors: of documents, (N, D).
        classes: in which they were found, (N,).
        fold: of each, (N,).

    Returns:
        True as well where the other folds have none of the class.
    """
    agrees = np.ones(len(classes), dtype=bool)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # of length one, so that the penalty keeps wrong classes from being learned by heart
    units = vectors / np.maximum(lengths, 1e-12)
    rows = np.concatenate([units, np.ones((len(units), 1))], axis=1)
    for number in np.unique(fold):
        judged = fold == number
        known = np.unique(classes[~judged])
        if len(known):
            weights = fitted(rows[~judged], np.searchsorted(known, classes[~judged]), len(known))
            seen = known[(rows[judged] @ weights.T).argmax(axis=1)]
            agrees[judged] = (seen == classes[judged]) | ~np.isin(classes[judged], known)
    return agrees


def fitted(rows: Array, classes: Integers, count: int) -> Array:
    """Weights of a softmax regression, (C, D); each class weighs as much as any other."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    size = np.bincount(classes, minlength=count)
    share = (len(rows) / (count * size))[classes]
    truth = np.eye(count)[classes]

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(count, -1)
        logs = log_softmax(rows @ weights.T, axis=1)
        value = -(share * (truth * logs).sum(axis=1)).sum() + _PENALTY / 2 * flat @ flat
        slope = (share[:, None] * (np.exp(logs) - truth)).T @ rows + _PENALTY * weights
        return float(value), slope.reshape(-1)

    found = minimize(loss, np.zeros(count * rows.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x).reshape(count, -1)
