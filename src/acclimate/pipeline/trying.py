"""Trying: ask base and adapted model, or measure them, after a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.engines.engine import IndexRef
from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.family import served
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import HYBRID, LEXICAL, index_of
from acclimate.parts.evaluators.retrieval import MEASURES, run_of
from acclimate.parts.part import Context, Track, silent
from acclimate.pipeline.inputs import as_judged, as_queries
from acclimate.pipeline.inspecting import facts_of
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.people import found_by, scored, summary
from acclimate.pipeline.runs import check, names_of, read_runs, write_runs
from acclimate.pipeline.store import STUDENT, load_student
from acclimate.tables import Corpus

BASE, ADAPTED = "base", "adapted"
WIDE = 100
"""Ranks in which a document is looked for to say how far it moved."""


def systems_of(run: Path) -> dict[str, IndexRef]:
    """How the base model of a run searches, and the adapted one where there is one."""
    student = load_student(run / STUDENT, run)
    systems: dict[str, IndexRef] = {BASE: index_of(Student(encoder=student.start))}
    if student.encoder != student.start:
        systems[ADAPTED] = index_of(student)
    return systems


class Trial:
    """Base and adapted model of a run, ready to be asked.

    Args:
        run: the run folder; its vectors are used again.
        track: shows progress.
    """

    def __init__(self, run: Path, *, track: Track = silent) -> None:
        self.facts = facts_of(run)
        self.systems = systems_of(run)
        self.corpus = Corpus.open(run / "tables" / "corpus.arrow")
        self.contents = self.corpus.contents
        self.engine = Local(folder=run / "engine", track=track)

    def ask(self, query: str, depth: int) -> dict[str, Any]:
        """The first documents of each model, and how far each moved against the base."""
        before: dict[int, int] = {}
        told: dict[str, Any] = {}
        for name, index in self.systems.items():
            wide = max(depth, WIDE)
            hits = self.engine.search(index, self.contents, [query], depth=wide)
            rows = [p for p in hits.positions[0].tolist() if p >= 0]
            if name == BASE:
                before = {row: rank for rank, row in enumerate(rows)}
            told[name] = [
                {
                    "doc_id": doc["doc_id"], "score": float(score), "rank": rank + 1,
                    "moved": before[row] - rank if row in before else None,
                    "text": f"{doc['title']} {doc['text']}".strip()[:400],
                }
                for rank, (row, score, doc) in enumerate(
                    zip(rows[:depth], hits.scores[0].tolist(),
                        self.corpus.take(rows[:depth]).dicts(), strict=False))
            ]  # fmt: skip
        return {"query": query, "systems": told}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What is measured.

    Args:
        models: of a corpus: hub names, folders or exports, the first is the base.
        runs: TREC runs of other systems, measured beside; without a model, the first of them is
            what the others are compared with.
        keep: a folder for each system's results as a TREC run; None: they are not kept.
    """

    models: tuple[str, ...] = ()
    runs: tuple[Path, ...] = ()
    keep: Path | None = None


def evaluate(
    place: Path,
    qrels: Any,
    wanted: Compared | None = None,
    *,
    queries: Any = None,
    track: Track = silent,
) -> dict[str, Any]:
    """Measure BM25, models, hybrids and other systems' runs by people's judgements.

    Args:
        place: a run folder, or a corpus (then with models or runs).
        qrels: the judgements.
        wanted: which models and runs; None: those of the run folder.
        queries: their queries; not needed where the corpus is a BEIR folder.
        track: shows progress.

    Raises:
        RecipeError: when nothing is named that could be measured on a corpus.
    """
    wanted = wanted or Compared()
    if (place / MARK).is_file():
        facts_of(place)
        corpus, folder = Corpus.open(place / "tables" / "corpus.arrow"), place / "engine"
        systems = systems_of(place)
    elif wanted.models or wanted.runs:
        corpus, folder = Corpus.read(place), None
        systems = _named(wanted.models)
    else:
        raise RecipeError(
            f"{place} is no run folder; to measure on a corpus, name the models with --model, or "
            "give the results of a system with --run."
        )
    log = None if queries is None else as_queries(queries)
    judged = as_judged(qrels, corpus, log, place)
    names = names_of(wanted.runs, [LEXICAL, *systems, *(name + HYBRID for name in systems)])
    others = read_runs(wanted.runs, names, corpus)
    check(others, judged.queries)
    ctx = Context(engine=Local(folder=folder, track=track), track=track)
    found = found_by(systems, corpus, judged.queries, ctx)
    runs = {name: run_of(hits, corpus, judged.queries) for name, hits in found.items()} | others
    told = {
        "queries": len(judged.queries),
        "judgements": len(judged.qrels),
        "measures": list(MEASURES),
        "systems": summary(
            scored(runs, judged.queries, judged.qrels), base=BASE if systems else names[0]
        ),
    }
    if wanted.keep is not None:
        told["runs"] = write_runs(found, corpus, judged.queries, wanted.keep)
    return told


def _named(models: tuple[str, ...]) -> dict[str, IndexRef]:
    names = [BASE, ADAPTED] if len(models) == 2 else [BASE, *models[1:]][: len(models)]
    return {n: Flat(served(m)) for n, m in zip(names, models, strict=True)}
