"""Powered: a few labels by people correct what a judge says of many documents.

Shapes: N judged pairs, n of them labelled by people as well.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def powered(
    judged: Numbers, said: Numbers, people: Numbers, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """The mean of what people would say, with its interval, by prediction-powered inference.

    The judge's mean over all pairs, corrected by how far people are from the judge on the pairs
    that both have seen: mean(judged) + mean(people − said). However wrong the judge is, the
    interval holds as often as it says; a good judge makes it narrow.

    Paper: Angelopoulos, Bates, Fannjiang, Jordan, Zrnic, Prediction-powered inference, Science
           2023. https://arxiv.org/abs/2301.09633

    Args:
        judged: what the judge says of pairs that no person labelled, (N − n,).
        said: what it says of those a person did, (n,).
        people: what the people say of them, (n,).
        confidence: of the interval.

    Returns:
        Mean, lower and upper bound; bounds are not numbers with fewer than two labels.

    Example:
        >>> powered(np.array([1.0, 0, 1, 0]), np.array([1.0, 1]), np.array([1.0, 0]))[0]
        0.0
    """
    everything = judged if len(judged) else said
    away = people - said
    mean = float(everything.mean()) + (float(away.mean()) if len(away) else 0.0)
    if len(away) < 2 or len(everything) < 2:
        return mean, float("nan"), float("nan")
    variance = everything.var(ddof=1) / len(everything) + away.var(ddof=1) / len(away)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * float(np.sqrt(variance))
    return mean, mean - reach, mean + reach


def agreement(said: Numbers, people: Numbers) -> dict[str, float]:
    """Share of equal verdicts, and Cohen's kappa, which is 0 for a judge that only guesses.

    Example:
        >>> agreement(np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 0, 0]))
        {'pairs': 4, 'share': 0.75, 'kappa': 0.5}
    """
    if not len(said):
        return {"pairs": 0, "share": float("nan"), "kappa": float("nan")}
    share = float((said == people).mean())
    yes, true = float(said.mean()), float(people.mean())
    chance = yes * true + (1 - yes) * (1 - true)
    kappa = (share - chance) / (1 - chance) if chance < 1 else 1.0
    return {"pairs": len(said), "share": share, "kappa": kappa}
