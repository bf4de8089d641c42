"""Trying: ask base and adapted model, or measure them, after a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from acclimate.engines.engine import IndexRef
from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.family import named
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts.evaluators.ranked import index_of
from acclimate.parts.evaluators.retrieval import MEASURES
from acclimate.parts.part import Context, Track, silent
from acclimate.pipeline.inputs import as_judged, as_queries
from acclimate.pipeline.inspecting import facts_of
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.people import scores_of, summary
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


def evaluate(
    place: Path,
    qrels: Any,
    *,
    queries: Any = None,
    models: tuple[str, ...] = (),
    track: Track = silent,
) -> dict[str, Any]:
    """Measure BM25, models and hybrids by people's judgements.

    Args:
        place: a run folder, or a corpus (then with `models`).
        qrels: the judgements.
        queries: their queries; not needed where the corpus is a BEIR folder.
        models: of a corpus: hub names or folders, the first is the base.
        track: shows progress.
    """
    if (place / MARK).is_file():
        facts_of(place)
        corpus, folder = Corpus.open(place / "tables" / "corpus.arrow"), place / "engine"
        systems = systems_of(place)
    elif models:
        corpus, folder = Corpus.read(place), None
        names = [BASE, ADAPTED] if len(models) == 2 else [BASE, *models[1:]]
        systems = {n: Flat(named(m)) for n, m in zip(names, models, strict=True)}
    else:
        raise RecipeError(
            f"{place} is no run folder; to measure on a corpus, name the models with --model."
        )
    log = None if queries is None else as_queries(queries)
    judged = as_judged(qrels, corpus, log, place)
    ctx = Context(engine=Local(folder=folder, track=track), track=track)
    scores = scores_of(systems, corpus, judged.queries, judged.qrels, ctx)
    return {
        "queries": len(judged.queries),
        "judgements": len(judged.qrels),
        "measures": list(MEASURES),
        "systems": summary(scores),
    }
