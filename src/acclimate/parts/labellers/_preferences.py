"""Preferences: comparisons of two documents each, and one value per document from them.

Shapes: K documents of a query.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from acclimate.models.ref import Floats, Integers

Values = np.ndarray[Any, np.dtype[np.float64]]
Slopes = Callable[[Values], tuple[Values, Values]]

Aggregate = Literal["shares", "bradley_terry", "thurstone"]
"""How a document's value follows from its comparisons."""

DRAWS = 0.1
"""Each two documents that met count as drawn this often besides: a document that won or lost all
would have no finite strength."""

STEPS, ENOUGH = 200, 1e-10
"""Of Newton's method."""


def meetings(count: int, cycles: int | None, rng: np.random.Generator) -> Integers:
    """Which of `count` documents are compared, (P, 2): each two, or neighbours on random cycles.

    A cycle visits every document once, so each is compared twice, and all hang together; a few
    cycles tell nearly as much as all pairs.

    Example:
        >>> meetings(3, None, np.random.default_rng(0)).tolist()
        [[0, 1], [0, 2], [1, 2]]
        >>> len(meetings(20, 4, np.random.default_rng(0)))  # of 190
        80
    """
    if cycles is None:
        every = list(itertools.combinations(range(count), 2))
        return np.asarray(every, dtype=np.int64).reshape(-1, 2)
    tours = [rng.permutation(count) for _ in range(cycles if count > 1 else 0)]
    pairs = [np.stack([tour, np.roll(tour, -1)], axis=1) for tour in tours]
    return np.concatenate([np.empty((0, 2), dtype=np.int64), *pairs])


def aggregated(wins_KK: Values, how: Aggregate) -> Floats:
    """A value for each document, (K,); nan for one that was never compared.

    Args:
        wins_KK: how often the first was preferred to the second; parts of a win count.
        how: "shares": the share of its comparisons that a document wins, 0 to 1. Else its
            strength under a model, with mean 0: "bradley_terry", in log-odds, or "thurstone".
    """
    met_KK = wins_KK + wins_KK.T
    met = met_KK.sum(axis=1) > 0
    if how == "shares":
        values = np.divide(wins_KK.sum(axis=1), met_KK.sum(axis=1), where=met, out=0.0 * met)
    else:
        values = strengths(wins_KK + DRAWS / 2 * (met_KK > 0), how)
    return np.where(met, values, np.nan).astype(np.float32)


def strengths(wins_KK: Values, how: Literal["bradley_terry", "thurstone"]) -> Values:
    """The strengths e under which the comparisons are likeliest, with mean 0, (K,).

        P(i beats j) = σ(e_i − e_j)                 (Bradley–Terry)
        P(i beats j) = ½ (1 + erf(e_i − e_j))       (Thurstone)

    The log-likelihood Σ_ij wins_ij log P(i beats j) has one maximum; Newton's method finds it, with
    steps of at most 1. What a document won against itself does not count.

    Example:
        >>> strengths(np.array([[0, 0.75], [0.25, 0]]), "bradley_terry").round(4)  # ± ln 3 / 2
        array([ 0.5493, -0.5493])
    """
    slopes: Slopes = _logistic if how == "bradley_terry" else _normal
    scores = np.zeros(len(wins_KK))
    for _ in range(STEPS):
        first_KK, second_KK = slopes(scores[:, None] - scores[None, :])
        pull_KK, bend_KK = wins_KK * first_KK, wins_KK * second_KK
        gradient = pull_KK.sum(axis=1) - pull_KK.sum(axis=0)
        bend_KK = bend_KK + bend_KK.T
        hessian_KK = bend_KK - np.diag(bend_KK.sum(axis=1))
        # Strengths are only known up to a constant: the least of all solutions has mean 0.
        step = np.linalg.lstsq(hessian_KK, gradient, rcond=1e-12)[0]
        scores = scores + step / max(1.0, float(np.abs(step).max(initial=0.0)))
        if np.abs(step).max(initial=0.0) < ENOUGH:
            break
    return np.asarray(scores - scores.mean()) if len(scores) else scores


def _logistic(gaps: Values) -> tuple[Values, Values]:
    """First and second derivative of log σ."""
    from scipy.special import expit

    below = expit(-gaps)
    return below, -below * (1 - below)


def _normal(gaps: Values) -> tuple[Values, Values]:
    """First and second derivative of log ½ (1 + erf), which is log Φ(√2 ·)."""
    from scipy.special import log_ndtr

    wide = np.sqrt(2) * gaps
    ratio = np.exp(-np.square(wide) / 2 - np.log(np.sqrt(2 * np.pi)) - log_ndtr(wide))
    return np.sqrt(2) * ratio, -2 * ratio * (wide + ratio)
