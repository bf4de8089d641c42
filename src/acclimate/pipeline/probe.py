"""Probe: does the model still do what it could do before, on text of no particular domain?"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from acclimate.models.ref import Encoder, Ref
from acclimate.parts.part import Context
from acclimate.pipeline.arena import reciprocal_rank
from acclimate.pipeline.comparing import Numbers


@lru_cache(maxsize=1)
def pairs() -> tuple[tuple[str, str], ...]:
    """Questions and the passages that answer them, written for this purpose."""
    text = resources.files("acclimate.pipeline").joinpath("probe.jsonl").read_text("utf-8")
    rows: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines() if line.strip()]
    return tuple((row["question"], row["passage"]) for row in rows)


def probe(encoder: Ref[Encoder], ctx: Context) -> Numbers:
    """Reciprocal rank of each question's passage among all passages, (N,)."""
    questions, passages = zip(*pairs(), strict=True)
    distinct = list(dict.fromkeys(passages))
    place = {text: row for row, text in enumerate(distinct)}
    wanted = np.asarray([place[text] for text in passages], dtype=np.int64)
    queries = ctx.engine.encode(encoder, list(questions), kind="query")
    documents = ctx.engine.encode(encoder, distinct, kind="document")
    order = np.argsort(-(np.asarray(queries) @ np.asarray(documents).T), axis=1, kind="stable")
    return reciprocal_rank(order, wanted)
