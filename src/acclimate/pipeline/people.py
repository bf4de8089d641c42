"""People: what judgements by people say of base and adapted model; shown beside, never used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.models.ref import Hits
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import HYBRID, LEXICAL, index_of, rank
from acclimate.parts.evaluators.retrieval import MEASURES, Run, measured, run_of
from acclimate.parts.evaluators.significance import Significance, interval
from acclimate.parts.part import Context
from acclimate.pipeline.points import searching
from acclimate.tables import Corpus, Qrels, Queries, Scores

DEPTH = 100
BASE, ADAPTED = "base", "adapted"


@dataclass(frozen=True, kw_only=True)
class People:
    """Measure BM25, base, adapted and hybrids by people's judgements.

    Args:
        queries: the judged queries.
        qrels: the judgements.
    """

    queries: Queries
    qrels: Qrels

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Scores:
        """One value per system, measure and query."""
        systems: dict[str, IndexRef] = {BASE: index_of(Student(encoder=student.start))}
        if student.encoder != student.start:
            systems[ADAPTED] = searching(student, corpus.contents, np.arange(len(corpus)))
        return scores_of(systems, corpus, self.queries, self.qrels, ctx)


def scores_of(
    systems: Mapping[str, IndexRef], corpus: Corpus, queries: Queries, qrels: Qrels, ctx: Context
) -> Scores:
    """Values of all measures; results for pieces of split documents count for the whole."""
    found = found_by(systems, corpus, queries, ctx)
    runs = {name: run_of(hits, corpus, queries) for name, hits in found.items()}
    return scored(runs, queries, qrels)


def found_by(
    systems: Mapping[str, IndexRef], corpus: Corpus, queries: Queries, ctx: Context
) -> dict[str, Hits]:
    """Results of BM25, of each system, and of each with BM25."""
    # Several pieces of one document count once: look deeper than the measures do.
    depth = DEPTH if not any(corpus["parent_id"]) else 3 * DEPTH
    return rank(corpus.contents, queries["text"], systems, ctx, depth=depth)


def scored(runs: Mapping[str, Run], queries: Queries, qrels: Qrels) -> Scores:
    """Values of all measures over the judged queries."""
    return measured(runs, qrels.where("query_id", queries["query_id"]), MEASURES)


def summary(scores: Scores, *, base: str = BASE) -> list[dict[str, Any]]:
    """Mean, interval and difference of each system and measure, as JSON values.

    Encoders are compared with `base`, hybrids with the base's hybrid; p-values by Holm.
    """
    values: dict[tuple[str, str], list[float]] = {}
    for row in scores.dicts():
        values.setdefault((row["system"], row["measure"]), []).append(row["value"])
    systems = list(dict.fromkeys(system for system, _ in values))
    plain = [s for s in systems if not s.endswith(HYBRID)]
    hybrids = [s for s in systems if s.endswith(HYBRID)]
    against = {}
    for baseline, names in ((base, plain), (base + HYBRID, hybrids)):
        for found in Significance().compare(scores, baseline, names):
            against[found.system, found.measure] = {
                "mean": found.difference,
                "low": found.low,
                "high": found.high,
                "p": found.p_holm,
                "queries": found.queries,
                "wins": found.wins,
                "losses": found.losses,
                "against": found.baseline,
            }
    order = [LEXICAL, base, base + HYBRID]
    order += sorted({s for s in systems if s not in order}, key=systems.index)
    return [
        {
            "system": system,
            "measures": {
                m: _cell(of) | {"difference": against.get((system, m))}
                for (s, m), of in values.items()
                if s == system
            },
        }
        for system in order
        if system in systems
    ]


def _cell(values: list[float]) -> dict[str, Any]:
    import numpy as np

    there = np.asarray(values, dtype=np.float64)
    low, high = interval(there)
    return {"mean": float(there.mean()), "low": low, "high": high, "queries": len(there)}
