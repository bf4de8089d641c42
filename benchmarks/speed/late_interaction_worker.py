"""late_interaction_worker: what late_interaction.py measures, in a process of its own.

late_interaction_worker.py STAGE SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages
from collections_with_judgements import API_DOCS, read
from growth_worker import LAYERS, tables, with_layers

NEAR = 1e-5
"""Scores that differ by less are equal: sums in another order."""


def search(settings: dict[str, Any]) -> dict[str, Any]:
    """Build the index; then each query by itself, near and all."""
    import torch

    from acclimate.engines.local import Local
    from acclimate.models.indexes import LateInteraction

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(dir=settings["scratch"]) as scratch:
        folder = Path(scratch)
        encoder = _encoder(settings, folder)
        documents = tables({**settings, "queries": 0})[0].contents
        asked = list(read(API_DOCS).queries.values())[: settings["queries"]]
        engine = Local(device="cpu", folder=folder / "engine", precision="float32")
        encode_seconds = _timed(lambda: engine.encode_tokens(encoder, documents, kind="document"))
        near = LateInteraction(encoder).build(documents, engine)
        every = LateInteraction(encoder, exact=True).build(documents, engine)
        build_seconds = _timed(lambda: near.search(asked[:1], settings["depth"]))
        tokens = engine.encode_tokens(encoder, documents, kind="document")
        count = sum(len(tokens[row]) for row in range(len(tokens)))
        found, told = {}, {}
        for name, index in (("near", near), ("all", every)):
            for query in asked:  # encodes it, and maps what is read for it
                index.search([query], settings["depth"])
            before = index.compared
            found[name], told[name] = _each(index, asked, settings["depth"])
            told[name]["compared"] = round((index.compared - before) / len(asked), 1)
        made = sum(p.stat().st_size for p in (folder / "engine" / "indexes").rglob("*.npy"))
        vectors = count * settings["dimensions"] * 2
    return {
        "tokens": count,
        "cells": near.cells,
        "queries": len(asked),
        "same": int(sum(map(_same, *found.values()))),
        **told,
        "encode_seconds": encode_seconds,
        "build_seconds": build_seconds,
        "raw_bytes": vectors,
        "index_bytes": vectors + made,
    }


def _encoder(settings: dict[str, Any], folder: Path) -> Any:
    from acclimate.models.encoders import Dense, MultiVector
    from acclimate.models.weights import find
    from acclimate.parts.students import LateInteraction

    layers = LAYERS[settings["encoder"]]
    base = with_layers(find("all-MiniLM-L6-v2"), layers, folder / "base")
    model = LateInteraction(dimensions=settings["dimensions"]).prepare(Dense(str(base)).load())
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return MultiVector(str(folder / "model"))


def _each(index: Any, asked: Sequence[str], depth: int) -> tuple[list[Any], dict[str, float]]:
    """What is found for each query, and the milliseconds it took."""
    import numpy as np

    found, seconds = [], []
    for query in asked:
        start = time.perf_counter()
        found.append(index.search([query], depth))
        seconds.append(time.perf_counter() - start)
    ms = 1_000 * np.array(seconds)
    return found, {
        "mean_ms": round(float(ms.mean()), 2),
        "p95_ms": round(float(np.quantile(ms, 0.95)), 2),
        "max_ms": round(float(ms.max()), 2),
    }


def _same(one: Any, other: Any) -> bool:
    """Whether two searches found the same documents, but for those whose scores are equal."""
    import numpy as np

    here = one.positions == other.positions
    return bool((here | (np.abs(one.scores - other.scores) < NEAR)).all())


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    answer_stages({"search": search})
