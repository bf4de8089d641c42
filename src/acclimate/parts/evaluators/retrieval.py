"""Retrieval: measures against judgements by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.ref import Hits
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import rank, systems_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Qrels, Queries, Scores
from acclimate.tables.folding import parents_of

MEASURES = ("nDCG@10", "R@100", "RR@10", "AP", "Judged@10")

Run = Mapping[str, Mapping[str, float]]
"""Scores of documents by query and document id."""


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """Measures of BM25, the base model, the adapted one, and both together with BM25.

    A hybrid is the sum of both scores, each brought to 0…1 over a query's pool: the union of the
    two top lists. Results for pieces of a split document count for the whole. Queries without a
    judgement are left out.

    Paper:   MacAvaney, Macdonald, Ounis, Streamlining Evaluation with ir-measures, ECIR 2022.
             https://arxiv.org/abs/2111.13466
    Code:    terrierteam/ir_measures.
    Differs: nothing known.
    Cost:    an index per system; the documents encoded by each model once.

    Args:
        measures: as ir-measures writes them: nDCG@10, R@100, RR@10 (MRR), AP (MAP), Judged@10.
        depth: results that are looked at.

    Returns:
        One score per system, measure and judged query.
    """

    measures: tuple[str, ...] = MEASURES
    depth: int = 100

    def __post_init__(self) -> None:
        """Refuse measures nobody knows."""
        if self.depth < 1 or not self.measures:
            raise RecipeError(f"{self!r} measures nothing. Give measures and a depth of 1 or more.")

    def __call__(
        self, corpus: Corpus, queries: Queries, qrels: Qrels, student: Student, ctx: Context
    ) -> Scores:
        """Measure the systems."""
        qrels = qrels.onto(corpus)
        asked = queries.where("query_id", set(qrels["query_id"]))
        ctx.note(
            "queries", {"judged": len(asked), "without a judgement": len(queries) - len(asked)}
        )
        if not len(asked) or not len(corpus):
            _parsed(self.measures)
            return Scores.empty()
        results = rank(corpus.contents, asked["text"], systems_of(student), ctx, depth=self.depth)
        runs = {name: run_of(hits, corpus, asked) for name, hits in results.items()}
        return measured(runs, qrels.where("query_id", asked["query_id"]), self.measures)


def run_of(hits: Hits, corpus: Corpus, queries: Queries) -> Run:
    """Results by the ids of queries and documents; pieces folded to wholes."""
    wholes = parents_of(corpus)
    ids = [wholes.get(doc, doc) for doc in corpus["doc_id"]]
    run = {}
    for name, rows in zip(queries["query_id"], hits.positions.tolist(), strict=True):
        # Best piece first: the others of its document add nothing.
        found = dict.fromkeys(ids[row] for row in rows if row >= 0)
        # Equal scores would be put in the order of ids; ranks say what the system meant.
        run[name] = {doc: float(-place) for place, doc in enumerate(found)}
    return run


def measured(runs: Mapping[str, Run], qrels: Qrels, measures: tuple[str, ...] = MEASURES) -> Scores:
    """Scores of several systems' results.

    Args:
        runs: results by system. A judged query that a system has no results for scores 0.
        qrels: judgements by people.
        measures: as ir-measures writes them.

    Raises:
        RecipeError: when ir-measures does not know a measure.
    """
    wanted = _parsed(measures)
    judged: dict[str, dict[str, int]] = {}
    for query, doc, grade in zip(qrels["query_id"], qrels["doc_id"], qrels["grade"], strict=True):
        judged.setdefault(query, {})[doc] = grade
    rows = [row for name, run in runs.items() for row in _rows(name, run, judged, wanted)]
    return Scores.columns(
        system=[row[0] for row in rows],
        measure=[row[1] for row in rows],
        query_id=[row[2] for row in rows],
        value=[row[3] for row in rows],
    )


def _rows(
    name: str, run: Run, judged: dict[str, dict[str, int]], measures: list[Any]
) -> Iterator[tuple[str, str, str, float]]:
    import ir_measures

    found = {query: docs for query, docs in run.items() if docs}
    values = {
        (str(metric.measure), metric.query_id): metric.value
        for metric in ir_measures.iter_calc(measures, judged, found)
    }
    for measure in measures:
        for query in judged:
            yield name, str(measure), query, float(values.get((str(measure), query), 0.0))


def _parsed(measures: tuple[str, ...]) -> list[Any]:
    import ir_measures

    parsed = []
    for name in measures:
        try:
            parsed.append(ir_measures.parse_measure(name))
        except (NameError, ValueError, SyntaxError) as error:
            raise RecipeError(
                f"ir-measures knows no measure {name!r}: {error}. "
                f"Write it like one of {', '.join(MEASURES)}."
            ) from error
    return parsed
