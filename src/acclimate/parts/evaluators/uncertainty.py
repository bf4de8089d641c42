"""Uncertainty: how far the answers to one question are apart, as a sign that nobody knows it.

W holds the similarity of each two of m answers: the Jaccard index of their words, 1 of an answer
with itself.

Shapes: M answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from acclimate.parts._words import words

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Kind = Literal["degree", "eccentricity"]

SMALL = 0.9
"""Eigenvalues of the Laplacian below it belong to groups of answers that mean the same."""


def similarities(answers: Sequence[str]) -> Matrix:
    """W (M, M); answers without a word are like each other and like nothing else."""
    sets = [frozenset(words(answer)) for answer in answers]
    return np.array(
        [[len(a & b) / len(a | b) if a | b else 1.0 for b in sets] for a in sets], dtype=np.float64
    ).reshape(len(sets), len(sets))


def degree(answers: Sequence[str]) -> float:
    """Σ (1 − W) / m²: 0 where all answers are the same.

    Example:
        >>> degree(["Paris France", "paris france", "Lyon city", "Paris"])
        0.5
    """
    return float(1 - similarities(answers).mean()) if answers else 0.0


def eccentricity(answers: Sequence[str]) -> float:
    """How far answers lie apart where like ones are near: √(number of groups − 1), about.

    The norm of the eigenvectors of L = D^(−½) (D − W) D^(−½), D the sums of W's rows, whose
    eigenvalues are below 0.9; one row of them is the place of an answer, and the mean of all places
    is subtracted.

    Example:
        >>> round(eccentricity(["Paris France", "paris france", "Lyon city", "Paris"]), 3)
        1.414
    """
    if not answers:
        return 0.0
    like_MM = similarities(answers)
    root_M = np.sqrt(like_MM.sum(axis=1))
    laplacian_MM = np.eye(len(answers)) - like_MM / root_M[:, None] / root_M
    values, vectors = np.linalg.eigh(laplacian_MM)
    near = vectors[:, values < SMALL]
    return float(np.linalg.norm(near - near.mean(axis=0)))


UNCERTAINTIES: Mapping[Kind, Callable[[Sequence[str]], float]] = {
    "degree": degree, "eccentricity": eccentricity,
}  # fmt: skip
"""By name."""
