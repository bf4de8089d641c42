"""Judging: a language model judges the results of systems, where no person has."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.ref import Ref, Writer
from acclimate.models.remote import Allowance
from acclimate.parts.evaluators.gains import ndcg
from acclimate.parts.evaluators.significance import Significance, interval
from acclimate.parts.labellers.graded import Graded
from acclimate.parts.part import Context, Track, silent
from acclimate.pipeline.checks import own_judge
from acclimate.pipeline.inspecting import recipe_of
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.pooled import rivals
from acclimate.pipeline.powered import agreement, powered
from acclimate.pipeline.store import write_json, write_text
from acclimate.tables import Corpus, Labels, Qrels, Scores
from acclimate.tables.folding import parents_of

RELEVANT = 2.0
"""Expected grade from which a document counts as relevant: it answers, at least in part."""

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be judged, and by whom.

    Args:
        judge: grades pairs; another model than wrote training queries, if there is one.
        depth: results of each query that are judged.
        swapped: whether each pair is judged in both orders; see `labellers.Graded`.
        adapted: the run whose model is judged; its recipe says who wrote the queries.
        allowance: what the judge may be asked. None: no bound.
        track: shows progress.
    """

    judge: Ref[Writer]
    depth: int = 10
    swapped: bool = False
    adapted: Path | None = None
    allowance: Allowance | None = None
    track: Track = silent

    def __post_init__(self) -> None:
        """Refuse to judge nothing."""
        if self.depth < 1:
            raise RecipeError(f"depth={self.depth} judges nothing. Give 1 or more.")

    @property
    def grades(self) -> Graded:
        """What grades the pairs."""
        return Graded(writer=self.judge, swapped=self.swapped)

    def wrote(self) -> bool | None:
        """Whether the judge wrote or chose the queries of the run; None: nobody knows."""
        if self.adapted is None:
            return None
        return bool(own_judge(replace(recipe_of(self.adapted), judge=self.grades)))


def judge(
    runs: Sequence[Path],
    corpus: Path | None,
    asked: Asked,
    *,
    out: Path,
    queries: Any = None,
    qrels: Any = None,
) -> dict[str, Any]:
    """Grade the pooled results of runs, and measure each run by the grades.

    The judge sees one query and one document at a time, and not which run found it. Judgements
    are written to `out`: judged.trec (whole grades), labels.arrow (expected grades), judged.json.

    Args:
        runs: TREC runs; the first is the one the others are compared with. It may be a run folder:
            then base, adapted and BM25 answer its held-out queries, or others.
        corpus: their documents; None: those of the run folder.
        asked: judge, depth and allowance.
        out: where judgements and the judge's answers are kept; the same call goes on in it.
        queries: the texts of the queries; not needed where the corpus is a BEIR folder, or for a
            run folder.
        qrels: judgements of some pairs by people: agreement, and intervals that hold whatever
            the judge is worth.

    Raises:
        RecipeError: when documents are named twice, or not at all, or there are no queries.
        TableError: when no result of a run is of these queries and documents.
        StoreError: when the run whose model is judged is none, or has not ended.
    """
    if asked.adapted is None and (runs[0] / MARK).is_file():
        asked = replace(asked, adapted=runs[0])
    wrote = asked.wrote()  # before anything is paid for
    found = rivals(runs, corpus, queries, depth=asked.depth, track=asked.track)
    docs, ranked, pool = found.corpus, found.ranked, found.pool
    engine = Local(device="cpu", folder=out, allowance=asked.allowance, track=asked.track)
    ctx = Context(engine=engine, track=asked.track)
    labels = asked.grades(docs, found.queries, pool, ctx)
    _write(labels, out)
    grades = _grades(labels)
    people = None if qrels is None else Qrels.read(qrels).onto(docs)
    told = {
        "judge": getattr(asked.judge, "model", repr(asked.judge)),
        "wrote the queries": wrote,
        "depth": asked.depth,
        "queries": len({q for q, _ in grades}),
        "judged": len(grades),
        "without a verdict": len(pool) - len(grades),
        "notes": ctx.notes,
        "systems": _measured(ranked, grades, asked.depth),
        "people": None if people is None else _by_people(ranked, grades, people, docs),
    }
    write_json(out / "judged.json", told)
    return told


def _grades(labels: Labels) -> dict[Pair, float]:
    rows = zip(labels["query_id"], labels["doc_id"], labels["value"], strict=True)
    return {(q, d): value for q, d, value in rows}


def _write(labels: Labels, out: Path) -> None:
    labels.write(out / "labels.arrow")
    lines = [
        f"{q} 0 {d} {math.floor(v + 0.5)}\n"
        for q, d, v in sorted(zip(*(labels[c] for c in ("query_id", "doc_id", "value"))))  # noqa: B905
    ]
    write_text(out / "judged.trec", "".join(lines))


def _measured(
    ranked: Mapping[str, Mapping[str, list[str]]], grades: dict[Pair, float], depth: int
) -> list[dict[str, Any]]:
    """NDCG of each run by the grades, with intervals, and how far from the first run it is."""
    measure = f"nDCG@{depth}"
    everything: dict[str, list[float]] = {}
    for (query, _), grade in grades.items():
        everything.setdefault(query, []).append(grade)
    rows = []
    for name, run in ranked.items():
        for query, best in everything.items():
            order = [grades.get((query, d), 0.0) for d in run.get(query, [])] or [0.0]
            value = ndcg(np.array([order]), np.array([best]), depth)[0]
            rows.append(
                {"system": name, "measure": measure, "query_id": query, "value": float(value)}
            )
    scores = Scores.of(rows)
    first = next(iter(ranked))
    against = {c.system: c for c in Significance().compare(scores, first)}
    return [
        {"system": name, "measures": {measure: _cell(scores, name, against.get(name))}}
        for name in ranked
    ]


def _cell(scores: Scores, name: str, against: Any) -> dict[str, Any]:
    values = np.array(scores.where("system", [name])["value"], dtype=np.float64)
    low, high = interval(values)
    difference = None
    if against is not None:
        difference = {
            "mean": against.difference, "low": against.low, "high": against.high,
            "p": against.p_holm,
        }  # fmt: skip
    mean = float(values.mean()) if len(values) else 0.0
    return {"mean": mean, "low": low, "high": high, "difference": difference}


def _by_people(
    ranked: Mapping[str, Mapping[str, list[str]]],
    grades: dict[Pair, float],
    people: Qrels,
    corpus: Corpus,
) -> dict[str, Any]:
    """`_with_people`, where people judged whole documents: the best piece speaks for its whole."""
    judged = set(people["doc_id"])
    wholes = {piece: whole for piece, whole in parents_of(corpus).items() if piece not in judged}
    of_wholes: dict[Pair, float] = {}
    for (query, piece), grade in grades.items():
        pair = (query, wholes.get(piece, piece))
        of_wholes[pair] = max(grade, of_wholes.get(pair, grade))
    folded = {
        name: {q: list(dict.fromkeys(wholes.get(d, d) for d in run[q])) for q in run}
        for name, run in ranked.items()
    }
    return _with_people(folded, of_wholes, people)


def _with_people(
    ranked: Mapping[str, Mapping[str, list[str]]], grades: dict[Pair, float], people: Qrels
) -> dict[str, Any]:
    """How far judge and people agree, and the share of relevant results as people would see it."""
    rows = zip(people["query_id"], people["doc_id"], people["grade"], strict=True)
    theirs = {(q, d): float(grade > 0) for q, d, grade in rows}
    ours = {pair: float(grade >= RELEVANT) for pair, grade in grades.items()}
    both = sorted(ours.keys() & theirs.keys())
    told: dict[str, Any] = {"agreement": agreement(_of(ours, both), _of(theirs, both))}
    told["relevant results"] = {}
    for name, run in ranked.items():
        shown = [(q, d) for q, found in run.items() for d in found if (q, d) in ours]
        labelled = [pair for pair in shown if pair in theirs]
        rest = [pair for pair in shown if pair not in theirs]
        mean, low, high = powered(_of(ours, rest), _of(ours, labelled), _of(theirs, labelled))
        cell = {"share": mean, "low": low, "high": high}
        told["relevant results"][name] = {
            k: v if math.isfinite(v) else None for k, v in cell.items()
        } | {"labelled": len(labelled)}
    return told


def _of(values: dict[Pair, float], pairs: Sequence[Pair]) -> Any:
    return np.array([values[pair] for pair in pairs], dtype=np.float64)
