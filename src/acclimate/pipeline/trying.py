"""Trying: ask base and adapted model, or measure them, after a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from acclimate.engines.local import Local
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat
from acclimate.models.student import Student
from acclimate.parts.part import Context, Track, silent
from acclimate.pipeline.inputs import as_judged, as_queries
from acclimate.pipeline.inspecting import facts_of, open_table
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.people import MEASURES, People, summary
from acclimate.tables import Corpus

BASE, ADAPTED = "base", "adapted"


def encoders_of(run: Path, facts: dict[str, Any]) -> dict[str, Dense]:
    """The base model of a run, and the adapted one where there is one."""
    found = {BASE: Dense(facts["student"]["base"])}
    if facts["verdict"]["better"]:
        found[ADAPTED] = Dense(str(run / facts["model"]["folder"]))
    return found


class Trial:
    """Base and adapted model of a run, ready to be asked.

    Args:
        run: the run folder; its vectors are used again.
        track: shows progress.
    """

    def __init__(self, run: Path, *, track: Track = silent) -> None:
        self.facts = facts_of(run)
        self.encoders = encoders_of(run, self.facts)
        self.corpus = Corpus.open(run / "tables" / "corpus.arrow")
        self.contents = self.corpus.contents
        self.engine = Local(folder=run / "engine", track=track)

    def ask(self, query: str, depth: int) -> dict[str, Any]:
        """The first documents of each model, and how far each moved against the base."""
        ids, titles, texts = self.corpus["doc_id"], self.corpus["title"], self.corpus["text"]
        before: dict[int, int] = {}
        told: dict[str, Any] = {}
        for name, encoder in self.encoders.items():
            wide = max(depth, 100)
            hits = self.engine.search(Flat(encoder), self.contents, [query], depth=wide)
            rows = [p for p in hits.positions[0].tolist() if p >= 0]
            if name == BASE:
                before = {row: rank for rank, row in enumerate(rows)}
            told[name] = [
                {
                    "doc_id": ids[row],
                    "score": float(score),
                    "rank": rank + 1,
                    "moved": before[row] - rank if row in before else None,
                    "text": f"{titles[row]} {texts[row]}".strip()[:400],
                }
                for rank, (row, score) in enumerate(
                    zip(rows[:depth], hits.scores[0].tolist(), strict=False)
                )
            ]
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
        facts = facts_of(place)
        corpus = open_table(place, Corpus)
        encoders = encoders_of(place, facts)
        folder: Path | None = place / "engine"
    elif models:
        corpus, folder = Corpus.read(place), None
        encoders = {BASE: Dense(models[0]), **{m: Dense(m) for m in models[1:]}}
        encoders |= {ADAPTED: encoders.pop(models[1])} if len(models) == 2 else {}
    else:
        raise RecipeError(
            f"{place} is no run folder; to measure on a corpus, name the models with --model."
        )
    assert isinstance(corpus, Corpus)  # noqa: S101 - for the type checker
    log = None if queries is None else as_queries(queries)
    judged = as_judged(qrels, corpus, log, place)
    ctx = Context(engine=Local(folder=folder, track=track), track=track)
    people = People(queries=judged.queries, qrels=judged.qrels, systems=tuple(encoders.items()))
    scores = people(corpus, Student(encoder=encoders[BASE]), ctx)
    return {
        "queries": len(judged.queries),
        "judgements": len(judged.qrels),
        "measures": list(MEASURES),
        "systems": summary(scores, np.random.default_rng(0)),
    }
