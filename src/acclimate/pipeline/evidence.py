"""Evidence: what was measured on the held-out queries, and what follows from it.

Shapes: Q queries, K results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.pipeline.arena import Arena, Judgements, ndcg, reciprocal_rank
from acclimate.pipeline.comparing import Difference, Numbers, compare, interval
from acclimate.pipeline.systems import HYBRID, LEXICAL, Ranked

BASE = "base"
ADAPTED = "adapted"
TEACHER = "nDCG@10 (teacher)"
SOURCE = "MRR@10 (source)"
EXAMPLES = 6
"""Winners and losers shown."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """Everything measured on the held-out queries.

    Args:
        where: the queries and documents.
        encoders: base, adapted and the points between, by name.
        ranked: rankings by system.
        judged: what the teacher says.
        general: reciprocal ranks on the probe, by encoder.
        shares: weight of the adapted model in each point, by name.
    """

    where: Arena
    encoders: Mapping[str, Dense]
    ranked: Mapping[str, Ranked]
    judged: Judgements
    general: Mapping[str, Numbers]
    shares: Mapping[str, float]

    @cached_property
    def values(self) -> dict[str, dict[str, Numbers]]:
        """Per system and measure one value per query; nan where a query has no source."""
        sourced = self.where.sources >= 0
        result = {}
        for name, ranked in self.ranked.items():
            by_source = reciprocal_rank(ranked.positions, self.where.sources)
            result[name] = {
                TEACHER: ndcg(self.judged.of(ranked.top(10)), self.judged.gains),
                SOURCE: np.where(sourced, by_source, np.nan),
            }
        return result

    def gains_over_base(self, measure: str) -> dict[str, Numbers]:
        """Differences to the base model by point, (Q,)."""
        return {p: self.values[p][measure] - self.values[BASE][measure] for p in self.shares}

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


def decide(found: Evidence, *, level: float, forgets: float, rng: np.random.Generator) -> Decision:
    """Choose a point and say whether it is better."""
    bearable = [p for p in found.shares if found.lost(p) <= forgets]
    points = bearable or [min(found.shares, key=found.lost)]
    by_teacher = found.gains_over_base(TEACHER)
    name = _best(by_teacher, points, slice(None))
    crossed = _crossed(by_teacher, points, rng)
    teacher = compare(_of(by_teacher, crossed), rng)
    by_source = _of(found.gains_over_base(SOURCE), crossed)
    source = compare(by_source[~np.isnan(by_source)], rng)
    wins = teacher.mean > 0 and teacher.p < level
    worse = source.mean < 0 and source.p < level
    better = bool(wins and not worse and bearable)
    why = (
        "" if better else _why_not(wins=wins, worse=worse, bearable=bool(bearable), teacher=teacher)
    )
    verdict = {
        "better": better,
        "proved": better,
        "point": name,
        "share": found.shares[name],
        "heldout": len(found.where.queries),
        "level": level,
        "teacher": teacher.as_json(),
        "source": source.as_json(),
        "probe": {
            "base": float(found.general[BASE].mean()),
            "adapted": float(found.general[name].mean()),
            "difference": compare(found.general[name] - found.general[BASE], rng).as_json(),
            "pairs": len(found.general[BASE]),
            "allowed": forgets,
        },
        "sentence": _sentence(found, name, teacher, why),
        "reason": why,
    }
    return Decision(better=better, name=name, verdict=verdict)


def table(found: Evidence, chosen: str, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Mean and interval of each system and measure, and the difference to the base model."""
    rows = []
    names = (LEXICAL, BASE, BASE + HYBRID, chosen, chosen + HYBRID)
    for name in names:
        values = found.values[name]
        row: dict[str, Any] = {"system": name.replace(chosen, ADAPTED), "measures": {}}
        for measure, of in values.items():
            there = of[~np.isnan(of)]
            if not len(there):
                continue
            against = BASE + HYBRID if name.endswith(HYBRID) else BASE
            other = found.values[against][measure][~np.isnan(of)]
            low, high = interval(there, rng)
            row["measures"][measure] = {
                "mean": float(there.mean()),
                "low": low,
                "high": high,
                "queries": len(there),
                "against": None if name == against else against,
                "difference": None if name == against else compare(there - other, rng).as_json(),
            }
        rows.append(row)
    return rows


def by_point(found: Evidence) -> list[dict[str, Any]]:
    """Each point between base and adapted: gain by teacher and source, change on the probe."""
    by_teacher, by_source = found.gains_over_base(TEACHER), found.gains_over_base(SOURCE)
    return [
        {
            "point": p,
            "share": share,
            "teacher": float(by_teacher[p].mean()),
            "source": _mean(by_source[p]),
            "probe": -found.lost(p),
        }
        for p, share in found.shares.items()
    ]


def per_query(found: Evidence, chosen: str) -> dict[str, Any]:
    """The queries that gained and lost most, with what base and adapted put first."""
    gain = found.gains_over_base(TEACHER)[chosen]
    order = np.argsort(-gain, kind="stable")
    winners = [q for q in order[:EXAMPLES].tolist() if gain[q] > 0]
    losers = [q for q in order[::-1][:EXAMPLES].tolist() if gain[q] < 0]
    return {
        "winners": [_shown(found, q, chosen) for q in winners],
        "losers": [_shown(found, q, chosen) for q in losers],
        "gains": [round(float(g), 4) for g in np.sort(gain)],
    }


def _shown(found: Evidence, query: int, chosen: str) -> dict[str, Any]:
    row = found.where.queries.take([query]).dicts()[0]
    shown: dict[str, Any] = {"text": row["text"], "kind": row["kind"], "systems": {}}
    for name, label in ((BASE, BASE), (chosen, ADAPTED)):
        positions = found.ranked[name].top(3)[query]
        gains = found.judged.of(found.ranked[name].top(3)[query : query + 1])[0]
        docs = found.where.corpus.take(positions[positions >= 0]).dicts()
        shown["systems"][label] = {
            "value": float(found.values[name][TEACHER][query]),
            "documents": [
                {
                    "doc_id": doc["doc_id"],
                    "text": f"{doc['title']} {doc['text']}".strip()[:240],
                    "gain": float(gain),
                    "is_source": doc["doc_id"] == row["source_doc_id"],
                }
                for doc, gain in zip(docs, gains[positions >= 0], strict=True)
            ],
        }
    return shown


def _best(gains: Mapping[str, Numbers], points: list[str], rows: Any) -> str:
    return max(points, key=lambda p: float(gains[p][rows].mean()))


def _crossed(
    gains: Mapping[str, Numbers], points: list[str], rng: np.random.Generator
) -> list[str]:
    """For each query the point chosen on the half of the queries it is not in."""
    count = len(next(iter(gains.values())))
    half = np.zeros(count, dtype=bool)
    half[rng.permutation(count)[: count // 2]] = True
    there, here = _best(gains, points, ~half), _best(gains, points, half)
    return [there if inside else here for inside in half]


def _of(gains: Mapping[str, Numbers], crossed: list[str]) -> Numbers:
    return np.asarray([gains[point][row] for row, point in enumerate(crossed)])


def _mean(values: Numbers) -> float | None:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else None


def _why_not(*, wins: bool, worse: bool, bearable: bool, teacher: Difference) -> str:
    if not bearable:
        return "every point forgets too much of general text"
    if not wins:
        return f"no point is significantly better on the held-out queries (p = {teacher.p:.3f})"
    return (
        "the teacher rates it higher, but the documents the queries were written from are "
        "found significantly worse"
        if worse
        else ""
    )


def _sentence(found: Evidence, name: str, teacher: Difference, why: str) -> str:
    before = found.values[BASE][TEACHER].mean()
    figures = (
        f"nDCG@10 as the teacher judges {before:.3f} → {before + teacher.mean:.3f} "
        f"({teacher.mean:+.3f}, 95 % interval {teacher.low:+.3f} to {teacher.high:+.3f}, "
        f"p = {teacher.p:.4f}) on {teacher.queries} held-out queries"
    )
    if why:
        return f"Base model kept: {why}. {figures[0].upper()}{figures[1:]}."
    share = found.shares[name]
    mix = "" if share == 1 else f", with {share:.0%} of the adapted weights"
    return f"Adapted: {figures}{mix}."
