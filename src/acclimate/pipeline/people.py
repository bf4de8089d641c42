"""People: what judgements by people say of base and adapted model; shown beside, never used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.pipeline.comparing import Numbers, compare, interval
from acclimate.pipeline.systems import HYBRID, LEXICAL, Ranked, rank
from acclimate.tables import Corpus, Qrels, Queries, Scores, fold_ranking

MEASURES = ("nDCG@10", "R@100", "RR@10", "AP", "Judged@10")
DEPTH = 100
BASE, ADAPTED = "base", "adapted"


@dataclass(frozen=True, kw_only=True)
class People:
    """Measure systems by people's judgements.

    Results for pieces of split documents count for the whole documents.

    Args:
        queries: the judged queries.
        qrels: the judgements.
        systems: encoders by name; empty: the student and its base.
    """

    queries: Queries
    qrels: Qrels
    systems: tuple[tuple[str, Dense], ...] = ()

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Scores:
        """One value per system, measure and query."""
        encoders = dict(self.systems) or {BASE: student.start, ADAPTED: student.encoder}
        # Several pieces of one document count once: look deeper than the measures do.
        depth = DEPTH if not any(corpus["parent_id"]) else 3 * DEPTH
        ranked = rank(
            corpus.contents,
            self.queries["text"],
            encoders,
            ctx,
            depth=depth,
            hybrids=tuple(encoders),
        )
        return measured(ranked, corpus, self.queries, self.qrels)


def measured(
    ranked: Mapping[str, Ranked], corpus: Corpus, queries: Queries, qrels: Qrels
) -> Scores:
    """Values of all measures, by ir-measures."""
    import ir_measures

    wanted = {m: ir_measures.parse_measure(m) for m in MEASURES}
    names = {str(parsed): m for m, parsed in wanted.items()}
    grades: dict[str, dict[str, int]] = {}
    for query, doc, grade in zip(qrels["query_id"], qrels["doc_id"], qrels["grade"], strict=True):
        grades.setdefault(query, {})[doc] = grade
    ids = corpus["doc_id"]
    rows = []
    for system, found in ranked.items():
        run = {
            query: dict(
                fold_ranking(
                    [
                        (ids[p], float(s))
                        for p, s in zip(positions, scores, strict=True)
                        if p >= 0 and np.isfinite(s)
                    ],
                    corpus,
                )[:DEPTH]
            )
            for query, positions, scores in zip(
                queries["query_id"], found.positions.tolist(), found.scores.tolist(), strict=True
            )
        }
        for value in ir_measures.iter_calc(list(wanted.values()), grades, run):
            rows.append(
                {
                    "system": system,
                    "measure": names[str(value.measure)],
                    "query_id": value.query_id,
                    "value": value.value,
                }
            )
    return Scores.of(rows)


def summary(scores: Scores, rng: np.random.Generator, *, base: str = BASE) -> list[dict[str, Any]]:
    """Mean and interval of each system and measure; hybrids are compared with the base's."""
    values: dict[str, dict[str, dict[str, float]]] = {}
    for row in scores.dicts():
        by_measure = values.setdefault(row["system"], {})
        by_measure.setdefault(row["measure"], {})[row["query_id"]] = row["value"]
    order = [LEXICAL, *(s for s in values if s != LEXICAL)]
    return [
        {
            "system": system,
            "measures": {m: _cell(values, system, m, rng, base) for m in values[system]},
        }
        for system in order
        if system in values
    ]


def _cell(
    values: Mapping[str, Mapping[str, Mapping[str, float]]],
    system: str,
    measure: str,
    rng: np.random.Generator,
    base: str,
) -> dict[str, Any]:
    own = values[system][measure]
    queries = sorted(own)
    here: Numbers = np.asarray([own[q] for q in queries])
    against = base + HYBRID if system.endswith(HYBRID) else base
    low, high = interval(here, rng)
    cell: dict[str, Any] = {
        "mean": float(here.mean()),
        "low": low,
        "high": high,
        "queries": len(here),
        "against": None,
        "difference": None,
    }
    if against != system and against in values:
        there = np.asarray([values[against][measure].get(q, 0.0) for q in queries])
        cell.update(against=against, difference=compare(here - there, rng).as_json())
    return cell
