"""Money: what models behind an endpoint would be asked and cost, from 20 records of each step."""

from __future__ import annotations

import time
from dataclasses import fields, is_dataclass, replace
from typing import Any

from acclimate.engines.local import Local
from acclimate.models.remote import Allowance, Judge, Remote
from acclimate.models.remote.answers import Answer, Answers
from acclimate.models.remote.estimate import PILOT, estimate
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, apply, gives
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import POOL, Flow, sizes
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Labels, Queries


def foresee_money(
    recipe: Recipe, corpus: Corpus, student: Student, flow: Flow, allowance: Allowance
) -> list[dict[str, Any]]:
    """Per step that asks an endpoint: records, requests, tokens, money with an interval, seconds.

    The pilot's requests are made and paid. What a training loop asks by itself is not foreseen.
    """
    told = []
    known: dict[type, Any] = {Corpus: _few(corpus), Student: student}
    steps: list[tuple[Any, Flow]] = list(sizes(recipe, flow))
    if recipe.judge is not None:
        last = steps[-1][1] if steps else flow
        steps.append((recipe.judge, replace(last, queries=0, candidates=POOL)))
    for part, after in steps:
        if gives(part) is Student or not any(isinstance(r, Judge | Remote) for r in refs_of(part)):
            continue
        answers, seconds = _asked(_small(part), known, allowance)
        found = estimate(answers, _records(part, after), seconds).as_json()
        told.append({"step": type(part).__name__, "pilot": len(answers), **found})
    return told


def _few(corpus: Corpus) -> Corpus:
    """Documents spread evenly over the corpus."""
    step = max(1, len(corpus) // PILOT)
    return corpus.take(list(range(0, len(corpus), step))[:PILOT])


def _asked(part: Part, known: dict[type, Any], allowance: Allowance) -> tuple[list[Answer], float]:
    """Carry a part out on a few records; what became of them, and the seconds it took."""
    engine = Local(device="cpu", allowance=allowance)
    try:
        begun = time.perf_counter()
        made = apply(part, _inputs(known).values(), Context(engine=engine))
        seconds = time.perf_counter() - begun
        if isinstance(made, Queries) and len(made):
            known[Queries] = made
        answers = Answers(engine.folder / "answers")
        return list(answers), seconds
    finally:
        engine.close()


def _inputs(known: dict[type, Any]) -> dict[type, Any]:
    """Tables for any part: queries of the pilot, and candidates for 20 pairs of them."""
    corpus = known[Corpus]
    queries = known.get(Queries)
    if queries is None:
        queries = Queries.of(
            {
                "query_id": f"pilot {row}",
                "text": " ".join(doc["text"].split()[:8]) or "?",
                "source_doc_id": doc["doc_id"],
                "split": "train",
            }
            for row, doc in enumerate(corpus.dicts())
        )
    return {**known, Queries: queries, Candidates: _pairs(corpus, queries), Labels: Labels.empty()}


def _pairs(corpus: Corpus, queries: Queries) -> Candidates:
    each = max(1, min(len(corpus), 5))
    rows = []
    for query in queries.head(PILOT // each).dicts():
        start = corpus.position.get(query["source_doc_id"], 0)
        for rank in range(each):
            found = {
                "query_id": query["query_id"],
                "doc_id": corpus["doc_id"][(start + rank) % len(corpus)],
                "rank": rank + 1,
                "score": -float(rank),
                "is_source": rank == 0,
                "miner": "pilot",
            }
            rows.append(found)
    return Candidates.of(rows)


def _small(part: Any) -> Any:
    """A generator that asks about all of the few documents."""
    if (
        is_dataclass(part)
        and not isinstance(part, type)
        and "documents" in {f.name for f in fields(part)}
    ):
        return replace(part, documents=None)
    return part


def _records(part: Any, after: Flow) -> int:
    """Requests a step would make if each were answered at once."""
    asked = after.queries + after.held
    if gives(part) is Queries:
        return asked
    name = type(part).__name__
    if name == "Pairwise":
        depth = min(int(part.depth), after.candidates)
        return asked * depth * (depth - 1)
    if name == "Listwise":
        return asked * max(1, -(-(after.candidates - int(part.window)) // int(part.step)) + 1)
    return asked * after.candidates
