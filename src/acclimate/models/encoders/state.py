"""State: what a student that picks one document after another makes of those it has picked.

Shapes: N searches, T documents picked, D dimensions.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from acclimate.models.ref import Floats, Integers

ROUTE = "picked"
"""The way of a document that was picked: `model.encode(texts, task="picked")` gives its part."""


def map_of(ref: Any) -> Floats | None:
    """The map that makes a picked document's vector its part of the state, (D, D).

    None where a model has no state: then what was picked changes nothing.
    """
    from safetensors.numpy import load_file

    if not hasattr(ref, "folder"):
        return None
    folder = ref.folder()
    settings = folder / "router_config.json"
    if not settings.is_file():
        return None
    ways = json.loads(settings.read_text("utf-8"))["structure"]
    if ROUTE not in ways:
        return None
    weights: Floats = load_file(folder / ways[ROUTE][-1] / "model.safetensors")["linear.weight"]
    return weights


def searches(queries: Floats, documents: Floats, picked: Integers, state: Floats | None) -> Floats:
    """What is searched with next: query + W · mean of the documents picked, (N, D).

    Args:
        queries: vectors, (N, D).
        documents: vectors of all.
        picked: rows of those picked, (N, T); -1 is none.
        state: W; None: what was picked changes nothing.
    """
    if state is None or not picked.shape[1]:
        return queries
    there = (picked >= 0)[:, :, None]
    count = np.maximum(there.sum(axis=1), 1)
    mean = np.where(there, documents[picked], 0).sum(axis=1) / count
    return np.asarray(queries + mean @ state.T, dtype=np.float32)
