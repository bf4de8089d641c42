"""Evidence: what was measured on the held-out queries, and what follows from it.

Shapes: Q queries, K results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts.evaluators.gains import ndcg, ranks_of
from acclimate.parts.evaluators.ranked import HYBRID
from acclimate.parts.evaluators.significance import Numbers, holm, interval, permutation_p
from acclimate.pipeline.arena import Arena, Judgements, without
from acclimate.pipeline.probe import reciprocal

BASE = "base"
ADAPTED = "adapted"
TEACHER = "nDCG@10 (teacher)"
SOURCE = "MRR@10 (source)"
TOP = 10
"""Ranks that count, and that the teacher is asked about."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What counts as better.

    Args:
        level: a difference is significant when its p, corrected by Holm for the two that are
            looked at (the teacher's, and teacher and source together), is below this.
        enough: share of the greatest gain with which less of the adapted weights is content.
        forgets: how much of the probe's mean reciprocal rank may be lost.
        loses: how much of the reciprocal rank of the documents that queries were written from
            may be lost. Some may: a student that learnt from other documents no longer looks for
            copies.
    """

    level: float = 0.05
    enough: float = 0.9
    forgets: float = 0.05
    loses: float = 0.1


def names(points: Iterable[float]) -> dict[str, float]:
    """Names of the points, with their shares of the adapted weights."""
    return {ADAPTED if p == 1 else f"{ADAPTED} {p:.0%}": p for p in points}


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """Everything measured on the held-out queries.

    Args:
        where: the queries and documents.
        students: base, adapted and the points between, by name.
        found: ranked documents (Q, K) by system.
        points: share of the adapted weights in each point, by name.
        judged: what the teacher says.
        general: reciprocal ranks on the probe, by student.
    """

    where: Arena
    students: Mapping[str, Student]
    found: Mapping[str, Integers]
    points: Mapping[str, float]
    judged: Judgements | None = None
    general: Mapping[str, Numbers] = field(default_factory=dict)

    @cached_property
    def shown(self) -> dict[str, Integers]:
        """The first documents by system, the source left out: what the teacher judges, (Q, 10)."""
        sources = self.where.sources
        return {n: without(f[:, : TOP + 1], sources)[:, :TOP] for n, f in self.found.items()}

    @cached_property
    def values(self) -> dict[str, dict[str, Numbers]]:
        """Per system and measure one value per query; nan where a query has no source."""
        assert self.judged is not None  # noqa: S101 - measured before
        sources, result = self.where.sources, {}
        for name, found in self.found.items():
            by_source = reciprocal(ranks_of(found, sources))
            result[name] = {
                TEACHER: ndcg(self.judged.of(self.shown[name]), self.judged.gains, TOP),
                SOURCE: np.where(sources >= 0, by_source, np.nan),
            }
        return result

    def gains(self, measure: str, *, end: str = "") -> dict[str, Numbers]:
        """Differences to the base model by point, (Q,); with BM25 on both sides for `end`."""
        base = self.values[BASE + end][measure]
        return {p: self.values[p + end][measure] - base for p in self.points}

    def together(self) -> dict[str, Numbers]:
        """What a point is chosen by, (Q,): the gains of teacher and source added.

        The teacher holds the base's own cosines and so prefers points near the base; the source
        was left out of training and of what the teacher judges, and knows nothing of the base.
        """
        source = self.gains(SOURCE)
        return {p: g + np.nan_to_num(source[p]) for p, g in self.gains(TEACHER).items()}

    def lost(self, point: str) -> float:
        """How much of the probe a point forgets."""
        return float(self.general[BASE].mean() - self.general[point].mean())


@dataclass(frozen=True, eq=False, kw_only=True)
class Decision:
    """What follows.

    Args:
        better: whether a point is to be used.
        name: the best point, used or not.
        verdict: the decision and its figures as JSON values.
    """

    better: bool
    name: str
    verdict: dict[str, Any]


def compared(differences: Numbers) -> dict[str, Any]:
    """Mean, interval, p, wins and losses of paired differences; nan ones are left out."""
    away = differences[~np.isnan(differences)]
    low, high = interval(away)
    return {
        "mean": _mean(away), "low": low, "high": high, "p": permutation_p(away),
        "queries": len(away), "wins": int((away > 0).sum()), "losses": int((away < 0).sum()),
    }  # fmt: skip


def decide(found: Evidence, limits: Limits, rng: np.random.Generator) -> Decision:
    """Choose a point and say whether it is better."""
    bearable = [p for p in found.points if found.lost(p) <= limits.forgets]
    tried = bearable or [min(found.points, key=found.lost)]
    gains, added = found.gains(TEACHER), found.together()
    everything = np.ones(len(found.where.queries), dtype=bool)
    name = _choice(added, tried, found.points, everything, limits.enough)
    picks = _crossed(added, tried, found.points, limits.enough, rng)
    teacher, together = compared(_of(gains, picks)), compared(_of(added, picks))
    hybrid = compared(_of(found.gains(TEACHER, end=HYBRID), picks))
    source = compared(_of(found.gains(SOURCE), picks))
    # Shown, not decided on: a teacher that holds the base's own cosines and BM25 puts the base's
    # hybrid close to itself, whatever people would say.
    why = _why_not(teacher, together, source, limits, bearable=bool(bearable))
    probe = compared(found.general[name] - found.general[BASE])
    verdict = {
        "better": not why, "proved": not why, "point": name, "share": found.points[name],
        "heldout": len(found.where.queries), "level": limits.level,
        "teacher": teacher, "together": together, "hybrid": hybrid, "source": source,
        "probe": {
            "base": _mean(found.general[BASE]), "adapted": _mean(found.general[name]),
            "difference": probe, "pairs": len(found.general[BASE]), "allowed": limits.forgets,
        },
        "reason": why,
        "sentence": _sentence(found, name, teacher, together, source, why),
    }  # fmt: skip
    return Decision(better=not why, name=name, verdict=verdict)


def by_point(found: Evidence) -> list[dict[str, Any]]:
    """Each point between base and adapted: gain by teacher and source, change on the probe."""
    by_teacher, by_source = found.gains(TEACHER), found.gains(SOURCE)
    hybrid = found.gains(TEACHER, end=HYBRID)
    return [
        {
            "point": p, "share": share, "teacher": _mean(by_teacher[p]),
            "hybrid": _mean(hybrid[p]), "source": _mean(by_source[p]), "probe": -found.lost(p),
        }
        for p, share in found.points.items()
    ]  # fmt: skip


def _choice(
    gains: Mapping[str, Numbers],
    tried: list[str],
    points: Mapping[str, float],
    rows: Any,
    enough: float,
) -> str:
    """The least share of the adapted weights that has enough of the greatest gain."""
    means = {p: float(gains[p][rows].mean()) for p in tried}
    best = max(tried, key=lambda p: means[p])
    if means[best] <= 0:
        return best
    return min((p for p in tried if means[p] >= enough * means[best]), key=lambda p: points[p])


def _crossed(
    gains: Mapping[str, Numbers],
    tried: list[str],
    points: Mapping[str, float],
    enough: float,
    rng: np.random.Generator,
) -> list[str]:
    """For each query the point chosen on the half of the queries it is not in."""
    count = len(next(iter(gains.values())))
    half = np.zeros(count, dtype=bool)
    half[rng.permutation(count)[: count // 2]] = True
    inside = _choice(gains, tried, points, ~half, enough)
    outside = _choice(gains, tried, points, half, enough)
    return [inside if here else outside for here in half]


def _of(gains: Mapping[str, Numbers], picks: list[str]) -> Numbers:
    return np.asarray([gains[point][row] for row, point in enumerate(picks)])


def _mean(values: Numbers) -> float | None:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else None


def _why_not(
    teacher: Mapping[str, Any],
    together: Mapping[str, Any],
    source: Mapping[str, Any],
    limits: Limits,
    *,
    bearable: bool,
) -> str:
    """Why the base is kept; empty where a point is better.

    The teacher must gain, alone or together with the source significantly. Its word alone is
    enough, since a student may well lose some of its sources; the sources' alone is not, since
    students that look for copies find them.
    """
    if not bearable:
        return "every point forgets too much of general text"
    looked_at = (teacher, together)
    sure = [
        gain["mean"] > 0 and p < limits.level
        for gain, p in zip(looked_at, holm([gain["p"] for gain in looked_at]), strict=True)
    ]
    if teacher["mean"] <= 0 or not any(sure):
        return "no point is significantly better on the held-out queries"
    if source["queries"] and source["mean"] < -limits.loses:
        return "the documents that queries were written from are lost"
    return ""


def _sentence(
    found: Evidence,
    name: str,
    teacher: Mapping[str, Any],
    together: Mapping[str, Any],
    source: Mapping[str, Any],
    why: str,
) -> str:
    before = float(found.values[BASE][TEACHER].mean())
    figures = (
        f"nDCG@10 as the teacher judges {before:.3f} → {before + teacher['mean']:.3f} "
        f"({_sure(teacher)}) on {teacher['queries']} held-out queries"
    )
    if source["queries"]:
        figures += (
            f"; MRR@10 of the documents they were written from {source['mean']:+.3f}, both "
            f"together {_sure(together)}"
        )
    if why:
        return f"Base model kept: {why}. {figures}."
    share = 100 * found.points[name]
    mixed = f", with {share:.0f} % of the adapted weights" if share < 100 else ""
    return f"Adapted: {figures}{mixed}."


def _sure(gain: Mapping[str, Any]) -> str:
    p = "< 0.001" if gain["p"] < 0.001 else f"= {gain['p']:.3f}"
    return f"{gain['mean']:+.3f}, 95 % interval {gain['low']:+.3f} to {gain['high']:+.3f}, p {p}"
