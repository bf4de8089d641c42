"""Money: what models behind an endpoint would be asked and cost, from 20 records of each step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from acclimate.engines.local import Local
from acclimate.models.remote import Judge, Remote
from acclimate.models.remote.answers import Answer, Answers
from acclimate.models.remote.estimate import PILOT, estimate
from acclimate.models.student import Student
from acclimate.parts.generators._documents import drawn
from acclimate.parts.part import Context, Part, apply, gives, needs
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import POOL, sizes
from acclimate.pipeline.flow import Flow
from acclimate.pipeline.lock import MARK, locked
from acclimate.pipeline.settings import Settings
from acclimate.pipeline.store import write_json
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Drafts, Labels, Queries


def foresee_money(
    recipe: Recipe,
    corpus: Corpus,
    student: Student,
    flow: Flow,
    settings: Settings,
    out: Path | None = None,
) -> list[dict[str, Any]]:
    """Per step that asks an endpoint: records, requests, tokens, money with an interval, seconds.

    The pilot's requests are made and paid. With `out` its answers are kept there, so that a run
    with the same seed finds them, and a second pilot too. What a training loop asks by itself is
    not foreseen.
    """
    steps: list[tuple[Any, Flow]] = list(sizes(recipe, flow))
    if recipe.judge is not None:
        last = steps[-1][1] if steps else flow
        steps.append((recipe.judge, replace(last, queries=0, candidates=POOL)))
    asking = [(part, after) for part, after in steps if _asks(part)]
    if not asking:
        return []
    with _engine(out, settings) as engine:
        ctx = Context(seed=settings.seed, engine=engine)
        return _foreseen(asking, corpus, student, ctx, engine.answers)


def _foreseen(
    steps: list[tuple[Any, Flow]], corpus: Corpus, student: Student, ctx: Context, answers: Answers
) -> list[dict[str, Any]]:
    told = []
    known: dict[type, Any] = {Corpus: _few(None, corpus, ctx), Student: student}
    for part, after in steps:
        if _writes(part):
            known[Corpus] = _few(part, corpus, ctx)
        pilot, seconds = _asked(part, known, ctx, answers)
        found = estimate(pilot, _records(part, after), seconds).as_json()
        told.append({"step": type(part).__name__, "pilot": len(pilot), **found})
    return told


@contextmanager
def _engine(out: Path | None, settings: Settings) -> Iterator[Local]:
    """An engine whose answers a run in `out` will find; all else goes with it.

    So a second pilot asks for the same texts, finds their answers and tells the same.
    """
    engine = Local(allowance=settings.allowance)
    try:
        if out is None:
            yield engine
            return
        with locked(out):
            write_json(out / MARK, {"format": 1})
            engine.keep_answers_in(out / "engine" / "answers")
            yield engine
    finally:
        engine.close()


def _asks(part: Part) -> bool:
    """Whether a part asks an endpoint; what a training loop asks is not foreseen."""
    asks = any(isinstance(ref, Judge | Remote) for ref in refs_of(part))
    return asks and gives(part) is not Student


def _writes(part: Part) -> bool:
    return gives(part) is Queries and Queries not in needs(part).values()


def _few(part: Any, corpus: Corpus, ctx: Context) -> Corpus:
    """Of the documents that a run will ask a part about, 20, spread evenly over them."""
    asked = drawn(part, corpus, getattr(part, "documents", None), ctx)
    step = max(1, len(asked) // PILOT)
    return asked.take(list(range(0, len(asked), step))[:PILOT])


def _asked(
    part: Part, known: dict[type, Any], ctx: Context, answers: Answers
) -> tuple[list[Answer], float]:
    """Carry a part out on a few records; what became of them, and the seconds it took.

    Of those that were answered before, the slowest stands for all: they go side by side.
    """
    answers.used.clear()
    begun = time.perf_counter()
    made = apply(_small(part), _inputs(known).values(), ctx)
    seconds = time.perf_counter() - begun
    if isinstance(made, Queries | Drafts) and len(made):
        known[type(made)] = made
    used = [answer for answer in answers if answer.record in answers.used]
    return used, max([seconds, *(answer.seconds for answer in used)])


def _small(part: Any) -> Any:
    """A part that asks as often as it is told, told little; its first questions stay the same."""
    most = {"pairs": PILOT, "rollouts": 1}
    less = {name: count for name, count in most.items() if getattr(part, name, 0) > count}
    return replace(part, **less) if less else part


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
    known = {Drafts: Drafts.empty(), **known, Queries: queries}
    return {**known, Candidates: _pairs(corpus, queries), Labels: Labels.empty()}


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


def _records(part: Any, after: Flow) -> int:
    """Requests a step would make if each were answered at once."""
    asked = after.queries + after.held
    if gives(part) is Queries:
        return _generations(part, after.queries, asked)
    return after.drafts if gives(part) is Drafts else _judgements(part, asked, after)


def _judgements(part: Any, asked: int, after: Flow) -> int:
    """Requests of a part that labels the candidates of so many queries."""
    name = type(part).__name__
    if name == "Budgeted":
        return _judgements(part.labeller, min(int(part.queries), after.queries), after)
    if name == "Pairwise":
        depth = min(int(part.depth), after.candidates)
        return asked * (2 * int(part.cycles) * depth if part.cycles else depth * (depth - 1))
    if name == "Listwise":
        return asked * max(1, -(-(after.candidates - int(part.window)) // int(part.step)) + 1)
    each = {"Utility": 3, "GraphNeighbours": getattr(part, "questions", 0)}
    if name in each:
        return asked * each[name]
    twice = name == "Answerability" or getattr(part, "swapped", False)
    return asked * after.candidates * (1 + twice)


def _generations(part: Any, training: int, queries: int) -> int:
    """Requests of a part behind which there are so many queries, some of them for training."""
    if hasattr(part, "variants"):  # so many new ones behind each
        return training * int(part.variants) // (1 + int(part.variants))
    name = type(part).__name__
    if members := getattr(part, "members", ()):  # a mixture, of which some ask
        return round(queries * sum(map(_asks, members)) / len(members))
    if name == "Trajectories":  # at most: a problem is left when it is solved
        each = 1 + int(part.rollouts) * (int(part.samples) + 3)
        return queries // len(part.kinds) * each
    if name == "Beside":  # at most: it may bring words that nobody is asked for
        return int(getattr(part.generator, "queries", None) or queries)
    if name == "Paraphrases":
        return round(float(part.share) * training)
    twice = name == "SummarizeThenAsk" or (name == "SharedContext" and bool(part.check))
    return queries * (1 + twice)
