"""Costs: how long each part of a recipe would take, from rates measured on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from acclimate.parts.part import gives, needs
from acclimate.pipeline.flow import Expected, Flow, Rates
from acclimate.pipeline.gate import CHEAP, DEAR, Gate, pairs_read
from acclimate.pipeline.judged import encoded, judged
from acclimate.pipeline.sought import brings, searches
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Candidates, Corpus, Drafts, Labels, Queries

QUERY_TOKENS = 16
"""Tokens of a query, about."""
TOPIC = 16
"""Queries of a topic, about."""
POOL = 30
"""Documents the gate asks the teacher about, per query, about."""
PLAIN_TEXTS = 400.0
"""Queries a second written without a model."""
SEARCH_SECONDS = 2e-8
"""Of one query over one document."""
HEAD_SECONDS = 3.5e-5
"""Of one document of one query in an update of a head."""
LIBRARIES_SECONDS = 8.0
"""Until libraries are loaded, beside the model."""
TWICE = 2.0
"""What a document costs that is read and told again, in those that are trained on."""
FORWARD = 1 / 3
"""Of what an update costs: reading without carrying back."""
SAVING_SECONDS = 1.5
"""Of one point of the gate: a model is saved and opened."""


def foresee(recipe: Recipe, flow: Flow, rates: Rates) -> list[Expected]:
    """What each step of a recipe would take, the gate included."""
    told = [
        Expected(step="load", what="libraries and model", seconds=rates.start + LIBRARIES_SECONDS)
    ]
    for part in recipe.steps:
        expected, flow = _step(part, flow, rates)
        told += expected
    if recipe.judge is not None and flow.held:
        told.append(_gate(recipe.judge, flow, rates))
    return told


def sizes(recipe: Recipe, flow: Flow) -> Iterator[tuple[Any, Flow]]:
    """Each step with the sizes of the tables after it."""
    unknown = Rates(encode=1.0, train=1.0)
    for part in recipe.steps:
        _, flow = _step(part, flow, unknown)
        yield part, flow


def _step(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """What one part takes, and the sizes behind it."""
    by_name = {
        "Rounds": _rounds, "Fit": _fit, "HoldOut": _held_out, "Topical": _topical,
        "Staged": _staged, "Curriculum": _staged, "MergeWeights": _staged,
        "SelfTraining": _self_taught, "AdaptiveSelfTraining": _self_taught, "Cloze": _staged,
        "QuestionContrast": _staged,
        "WithDrafts": _staged, "TeacherThenDistil": _taught_first,
        "DynamicListwiseDistillation": _together, "Cooperative": _together,
        "CoupledEstimation": _together, "FalseNegativeAdapter": _staged,
        "AlternatingCache": _staged, "MomentumContrast": _staged, "Sampled": _staged,
        "LayerSwap": _staged, "MaskedLanguage": _pretrained, "Denoising": _pretrained,
        "CoCondenser": _pretrained, "VectorDistillation": _pretrained,
    }  # fmt: skip
    by_table: dict[type, Any] = {
        Queries: _queries, Candidates: _found, Labels: _labelled, Drafts: _drafted,
        Corpus: _fewer,
    }  # fmt: skip
    shapes = hasattr(part, "prepare")
    of = _shaped if shapes else by_name.get(type(part).__name__) or by_table.get(gives(part))
    return of(part, flow, rates) if of is not None else ([], flow)


def _queries(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    name = type(part).__name__
    if Queries in needs(part).values():
        more = flow.queries * (1 + int(getattr(part, "variants", 0)))
        flow = replace(flow, queries=min(more, getattr(part, "keep", more)))
        seconds, flow = encoded("base", flow, rates.encode) if name == "RoundTrip" else (0.0, flow)
        told = [Expected(step=name, what="search each query", seconds=seconds)] if seconds else []
        return told, flow
    count = getattr(part, "queries", None)
    if count is None:
        asked = min(flow.documents, getattr(part, "documents", None) or flow.documents)
        kinds = 1 if getattr(part, "shares", None) else len(getattr(part, "kinds", ()))
        count = (kinds or getattr(part, "per_document", None) or 3) * asked
        count = getattr(part, "at_least", None) or count  # DocToQuery aims at it, either way
    writer = getattr(part, "writer", None)
    seconds = count / (rates.of(writer) if writer is not None else PLAIN_TEXTS)
    for member in getattr(part, "members", ()):  # of a mixture, those that have a writer
        if hasattr(member, "writer"):
            seconds += sum(e.seconds for e in _queries(member, flow, rates)[0])
    what = f"{count:,} queries"
    return [Expected(step=name, what=what, seconds=seconds)], replace(flow, queries=int(count))


def _fewer(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    del rates
    most = getattr(part, "at_most", flow.documents)
    return [], replace(flow, documents=min(flow.documents, most))


def _drafted(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """Documents that are written, or looked at once more."""
    looks = Drafts in needs(part).values()
    pairs = getattr(part, "pairs", None)  # of what brings its queries, how many in all
    count = flow.drafts if looks else pairs or flow.queries * int(part.per_query)
    what = f"{count:,} documents {'looked at' if looks else 'written'}"
    expected = Expected(step=type(part).__name__, what=what, seconds=count / rates.of(part.writer))
    return [expected], replace(flow, drafts=count)


def _held_out(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    del rates
    wanted = part.queries if part.queries is not None else round(part.share * flow.queries)
    held = min(wanted, flow.queries // 2)
    return [], replace(flow, held=held, queries=flow.queries - held)


def _found(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    joins = Candidates in needs(part).values()
    if joins and not hasattr(part, "miner"):
        kept = getattr(part, "per_query", None)
        kept = flow.candidates if kept is None else min(flow.candidates, kept + 1)
        return [], replace(flow, candidates=kept)
    seconds = 0.0
    found = 1 + brings(part) + (flow.candidates if joins else 0)
    for member in searches(part):
        name = type(member).__name__
        if name == "WithStudent" and flow.trained and flow.learns == "all":
            seconds += flow.documents * flow.tokens / rates.encode
        elif name in ("WithStudent", "DenseSearch"):
            ref = getattr(member, "encoder", None)
            key = repr(ref) if ref is not None else flow.own
            more, flow = encoded(key, flow, rates.of(ref))
            seconds += more
        seconds += (flow.queries + flow.held) * flow.documents * SEARCH_SECONDS
    what = f"about {found} candidates for each of {flow.queries + flow.held:,} queries"
    expected = Expected(step=type(part).__name__, what=what, seconds=seconds)
    return [expected], replace(flow, candidates=min(found, flow.documents))


def _labelled(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    if Labels in needs(part).values():
        return [], flow
    asked = flow.queries + flow.held
    told = judged(part, flow, rates, queries=asked, candidates=flow.candidates)
    what = f"{asked * flow.candidates:,} pairs"
    what += f", {told.readings:,} calls of the reader" if told.readings else ""
    return [Expected(step=type(part).__name__, what=what, seconds=told.seconds)], told.flow


def _fit(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    candidates = min(part.candidates, max(flow.candidates, 2))
    tokens = min(flow.tokens, flow.reads or flow.tokens)
    read = {"all": flow.brings or candidates, "pairs": candidates}.get(flow.learns, 0)
    documents = read * tokens
    seconds = part.steps * part.batch * (QUERY_TOKENS + documents) / rates.train
    if flow.learns == "head":
        updates = part.steps * part.batch * candidates * HEAD_SECONDS
        # Texts are encoded once; then an update multiplies matrices.
        more, flow = encoded(flow.own, flow, rates.encode)
        seconds = more + flow.queries * QUERY_TOKENS / rates.encode + updates
    expected = Expected(
        step="Fit",
        what=f"{part.steps:,} updates of {part.batch} queries",
        seconds=seconds,
    )
    return [expected], flow


def _pretrained(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """Documents alone; their tokens have logits of words, or pass a decoder, or are read twice."""
    tokens = min(flow.tokens, flow.reads or flow.tokens)
    expected = Expected(
        step=type(part).__name__,
        what=f"{part.steps:,} updates of {part.batch} documents",
        seconds=TWICE * part.steps * part.batch * tokens / rates.train,
    )
    return [expected], replace(flow, trained=True)


def _shaped(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    del rates
    named = {"Adapter": "head", "QuerySide": "queries", "Static": "queries", "Reranker": "pairs"}
    learns = named.get(type(part).__name__, "all")
    own = "stem" if flow.trained and learns in ("head", "queries") else flow.own
    return [], replace(flow, learns=learns, reads=part.training_tokens or 0, own=own)


def _topical(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """Topics of as many queries as an update has: a query gets what all of them bring."""
    told, flow = _found(part.miner, flow, rates)
    shared = min(part.each * TOPIC, flow.documents)
    return told, replace(flow, candidates=shared, brings=part.each)


def _rounds(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    told: list[Expected] = []
    for number in range(1, _times(part) + 1):
        for inner in part.steps:
            expected, flow = _step(inner, flow, rates)
            told += [replace(e, step=f"round {number}: {e.step}") for e in expected]
        flow = replace(flow, trained=True)
    return told, flow


def _staged(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """Stretches of steps, each of which begins with what there was before the first."""
    told: list[Expected] = []
    stages = getattr(part, "stages", None) or [
        (x,) for x in vars(part).get("loops") or [part.loop] * getattr(part, "turns", 1)
    ]
    for number, steps in enumerate(stages, 1):
        here = flow
        for inner in steps:
            expected, here = _step(inner, here, rates)
            told += [replace(e, step=f"stage {number}: {e.step}") for e in expected]
        flow = replace(flow, trained=True, encoded=here.encoded)
    return told, flow


def _taught_first(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """A teacher learns, reads every candidate, and then the student learns."""
    before = flow if part.shape is None else _shaped(part.shape, flow, rates)[1]
    teaching, _ = _step(part.teaching, before, rates)
    pairs = (flow.queries + flow.held) * flow.candidates
    seconds = pairs * (QUERY_TOKENS + flow.tokens) / rates.encode
    labels = Expected(step="labels", what=f"{pairs:,} pairs", seconds=seconds)
    told = [replace(e, step=f"teacher: {e.step}") for e in (*teaching, labels)]
    learning, flow = _step(part.loop, flow, rates)
    return [*told, *learning], flow


def _together(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    """Two models learn at once; the one beside reads each list once more, without a gradient."""
    learns = getattr(part, "ranker", None) or getattr(part, "selection", None)
    before = flow if part.shape is None else _shaped(part.shape, flow, rates)[1]
    fits, _ = _step(learns or part.loop, before, rates)
    share = FORWARD + (1.0 if learns is not None else 0.0)
    told = [replace(e, step=f"beside: {e.step}", seconds=share * e.seconds) for e in fits]
    learning, flow = _step(part.loop, flow, rates)
    return [*learning, *told], flow


def _self_taught(part: Any, flow: Flow, rates: Rates) -> tuple[list[Expected], Flow]:
    told: list[Expected] = []
    for number in range(1, part.rounds + 1):
        among = min(flow.documents, (flow.queries + flow.held) * max(flow.candidates, 1))
        what = f"the student reads {among:,} documents"
        seconds = among * flow.tokens / rates.encode
        told.append(Expected(step=f"round {number}: labels", what=what, seconds=seconds))
        expected, flow = _step(part.loop, flow, rates)
        told += [replace(e, step=f"round {number}: {e.step}") for e in expected]
        flow = replace(flow, trained=True)
    return told, flow


def _times(part: Any) -> int:
    return int(getattr(part, "rounds", None) or getattr(part, "count", None) or 1)


def _gate(judge: Any, flow: Flow, rates: Rates) -> Expected:
    among = min(flow.documents, Gate.documents)
    points = len(DEAR if flow.learns in ("all", "pairs") or flow.own == "stem" else CHEAP)
    seconds = flow.held * QUERY_TOKENS * (points + 1) / rates.encode + SAVING_SECONDS * points
    anew = points if flow.learns == "all" else (points - 1) * (flow.own == "stem")
    seconds += anew * among * flow.tokens / rates.encode
    if flow.learns == "pairs":
        read = (points + 1) * pairs_read(flow.held)
        seconds += read * (QUERY_TOKENS + flow.tokens) / rates.encode
    seconds += judged(judge, flow, rates, queries=flow.held, candidates=POOL).seconds
    what = f"{flow.held:,} held-out queries, {among:,} documents, {points} points"
    return Expected(step="gate", what=what, seconds=seconds)
