"""Judged: what labellers ask their models, and how long the answers take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.models.readers import NGramReader
from acclimate.pipeline.flow import Flow, Rates

MAXSIM_SECONDS = 1e-4
"""Of one pair, once the tokens are encoded."""
COUNTED = 20_000.0
"""Documents a second in which words are counted."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What labelling takes.

    Args:
        seconds: how long.
        readings: how often a reader reads; 0 where there is none.
        flow: what is encoded after it.
    """

    seconds: float
    readings: int
    flow: Flow


def judged(part: Any, flow: Flow, rates: Rates, *, queries: int, candidates: int) -> Judged:
    """What a labeller and those inside it take for so many candidates of each query.

    Args:
        part: by a scorer, by a reader, or over the student's token vectors.
        flow: what is encoded already.
        rates: of the models.
        queries: whose candidates are labelled.
        candidates: of each.
    """
    inside = _inside(part)
    if inside:
        queries = min(queries, getattr(part, "queries", None) or queries)
        candidates = min(candidates, getattr(part, "pool", None) or candidates)
    seconds, readings = _asked(part, flow, rates, queries, candidates)
    if type(part).__name__ in ("Fusion", "LateInteraction"):
        more, flow = encoded("base", flow, rates.encode)  # token vectors come with it
        seconds += more + queries * candidates * MAXSIM_SECONDS
    for member in inside:
        found = judged(member, flow, rates, queries=queries, candidates=candidates)
        seconds, readings, flow = seconds + found.seconds, readings + found.readings, found.flow
    return Judged(seconds=seconds, readings=readings, flow=flow)


def _asked(part: Any, flow: Flow, rates: Rates, queries: int, candidates: int) -> tuple[float, int]:
    """Seconds and readings of the models that a labeller asks itself."""
    pairs = queries * candidates
    if (teacher := getattr(part, "teacher", None)) is not None:
        return pairs / rates.of(teacher), 0
    reader = getattr(part, "reader", None)
    if reader is None:
        return 0.0, 0
    rate = COUNTED if isinstance(reader, NGramReader) else rates.of(reader)
    masks = getattr(part, "masks", None)
    if masks is None:
        readings = pairs + (queries if getattr(part, "gain", False) else 0)
        return readings / rate, readings
    together = max(1.0, part.keep * candidates)
    most = getattr(reader, "max_length", None)  # what does not fit is not read
    together = min(together, max(1.0, most / flow.tokens)) if most else together
    return queries * masks * together / rate, queries * masks


def _inside(part: Any) -> tuple[Any, ...]:
    """The labellers that another one asks."""
    for name in ("members", "teachers", "labellers", "judges"):
        if found := getattr(part, name, None):
            return tuple(found)
    wrapped = getattr(part, "labeller", None)
    return () if wrapped is None else (wrapped,)


def encoded(key: str, flow: Flow, rate: float) -> tuple[float, Flow]:
    """Seconds to encode the documents, once for each set of vectors."""
    if key in flow.encoded:
        return 0.0, flow
    return flow.documents * flow.tokens / rate, replace(flow, encoded=flow.encoded | {key})
