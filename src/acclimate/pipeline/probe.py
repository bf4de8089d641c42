"""Probe: does the model still do what it could do before, on text of no particular domain?"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from acclimate.engines.engine import IndexRef
from acclimate.parts.evaluators.gains import ranks_of
from acclimate.parts.evaluators.significance import Numbers
from acclimate.parts.part import Context

DEPTH = 10


@lru_cache(maxsize=1)
def pairs() -> tuple[tuple[str, str], ...]:
    """Questions and the passages that answer them, written for this purpose."""
    text = resources.files("acclimate.pipeline").joinpath("probe.jsonl").read_text("utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line.strip()]
    return tuple((row["question"], row["passage"]) for row in rows)


def probe(index: IndexRef, ctx: Context) -> Numbers:
    """Reciprocal rank of each question's passage among all passages, (N,)."""
    questions, passages = zip(*pairs(), strict=True)
    distinct = list(dict.fromkeys(passages))
    place = {text: row for row, text in enumerate(distinct)}
    wanted = np.asarray([place[text] for text in passages], dtype=np.int64)
    hits = ctx.engine.search(index, distinct, list(questions), depth=DEPTH)
    return reciprocal(ranks_of(hits.positions, wanted))


def reciprocal(ranks: Any) -> Numbers:
    """1 / rank; 0 where the rank is 0 (not found) or beyond the first 10."""
    ranks = np.asarray(ranks, dtype=np.float64)
    there = (ranks > 0) & (ranks <= DEPTH)
    return np.where(there, 1.0 / np.maximum(ranks, 1.0), 0.0)
