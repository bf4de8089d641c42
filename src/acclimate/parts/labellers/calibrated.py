"""Calibrated: a teacher's values in units in which queries find their own documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from acclimate.parts._rated import Rated, rated
from acclimate.parts.labellers._relabelled import relabelled
from acclimate.parts.part import Context
from acclimate.tables import Labels, Queries

Method = Literal["temperature", "isotonic"]
Values = np.ndarray[Any, np.dtype[np.float64]]

RANGE = (-7.0, 7.0)
"""Logarithms of the least and the greatest sharpness tried, in spreads of the values."""


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """Labels on a scale fitted to how well they tell which document a query was written from.

    "temperature" divides all values by the number under which the softmax over a query's list
    makes the sources likeliest: then a difference of 1 means odds of e, whatever the teacher, and
    a loss of distributions can take temperature 1. "isotonic" replaces a value by the share of
    sources among the candidates of such values, made to rise with the value: a chance between 0
    and 1, as filters.DenoisedByTeacher may be given. A source is not the only relevant document,
    so that chances are too low rather than too high.

    Paper:   Guo, Pleiss, Sun, Weinberger, On Calibration of Modern Neural Networks, ICML 2017
             (temperature). https://arxiv.org/abs/1706.04599
    Code:    none followed.
    Differs: the source documents of written queries stand for judgements.
    Cost:    a sort of the labels, and a search for one number.

    Args:
        method: how the scale is fitted.

    Returns:
        The same labels in the same order with new values; as they were where no source is rated.
        Each teacher has a scale of its own.
    """

    method: Method = "temperature"

    def __call__(self, queries: Queries, labels: Labels, ctx: Context) -> Labels:
        """Calibrate the labels."""
        told = rated(queries, labels)
        values = told.value.copy()
        known = np.append(np.isfinite(told.source), np.zeros((1, told.teachers), bool), axis=0)
        for number in range(told.teachers):
            mine = told.teacher == number
            fits = mine & known[told.query, number]
            if fits.any() and self.method == "temperature":
                temperature = fitted_temperature(told, fits)
                values[mine] = values[mine] / temperature
                ctx.note("temperature", temperature)
            elif fits.any():
                points, chances = fitted_chances(told.value[fits], told.is_source[fits])
                values[mine] = np.interp(values[mine], points, chances)
                ctx.note("chances", {"lowest": float(chances[0]), "highest": float(chances[-1])})
        return relabelled(labels, values)


def fitted_temperature(told: Rated, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """What values are divided by for the sources to be likeliest under the softmax of their list.

    The mean of log Σ_j exp(v_j / T) − v_source / T has one minimum in 1 / T.

    Args:
        told: the labels.
        rows: those of one teacher and of queries with a rated source, (N,).
    """
    from scipy.optimize import minimize_scalar

    _, query = np.unique(told.query[rows], return_inverse=True)
    value, is_source = told.value[rows], told.is_source[rows]
    top = np.full(query.max() + 1, -np.inf)
    np.maximum.at(top, query, value)
    below = value - top[query]
    spread = float(np.std(below)) or 1.0

    def surprise(logarithm: float) -> float:
        sharp = np.exp(logarithm) / spread
        whole = np.log(np.bincount(query, weights=np.exp(sharp * below)))
        return float(whole.mean() - sharp * below[is_source].mean())

    best = minimize_scalar(surprise, bounds=RANGE, method="bounded", options={"xatol": 1e-8})
    return float(spread / np.exp(best.x))


def fitted_chances(
    value: Values, is_source: np.ndarray[Any, np.dtype[np.bool_]]
) -> tuple[Values, Values]:
    """Distinct values, rising, and the chance to be a source at each, never falling, (P,) each.

    Example:
        >>> points, chances = fitted_chances(
        ...     np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]))
        >>> chances.tolist()
        [0.0, 0.5, 0.5, 1.0]
    """
    from scipy.optimize import isotonic_regression

    points, which, counts = np.unique(value, return_inverse=True, return_counts=True)
    shares = np.bincount(which.reshape(-1), weights=is_source) / counts
    return points, np.asarray(isotonic_regression(shares, weights=counts).x)
