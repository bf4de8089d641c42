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

TIMED = 20
"""Queries that all documents are compared with one by one, to say how long that takes."""


def search(settings: dict[str, Any]) -> dict[str, Any]:
    """Build the index; then each query by itself, and all documents compared."""
    import torch

    from acclimate.engines.local import Local
    from acclimate.models.indexes import LateInteraction
    from acclimate.models.indexes.max_sim import gathered

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(dir=settings["scratch"]) as scratch:
        folder, depth = Path(scratch), settings["depth"]
        encoder = _encoder(settings, folder)
        documents = tables({**settings, "queries": 0})[0].contents
        asked = list(read(API_DOCS).queries.values())[: settings["queries"]]
        engine = Local(device="cpu", folder=folder / "engine", precision="float32")
        encode_seconds = _timed(lambda: engine.encode_tokens(encoder, documents, kind="document"))
        tokens = engine.encode_tokens(encoder, documents, kind="document")
        vectors = gathered(engine.encode_tokens(encoder, asked, kind="query"), range(len(asked)))
        every = _all(tokens, vectors, depth)
        one_by_one = [vectors.of([query]) for query in range(len(asked))]
        count = sum(len(tokens[row]) for row in range(len(tokens)))
        told = {"all": _each(lambda query: _all(tokens, query, depth), one_by_one[:TIMED])[1]}
        told["all"]["compared"] = float(len(documents))
        same = {}
        for name, exact in (("near", False), ("exact", True)):
            index = LateInteraction(encoder, exact=exact).build(documents, engine)
            seconds = _timed(lambda index=index: index.search(asked[:1], depth))
            told[name] = {"build_seconds": round(seconds, 1)}
            for query in asked:  # encodes it, and maps what is read for it
                index.search([query], depth)
            before = index.compared
            found, took = _each(lambda query, index=index: index.search([query], depth), asked)
            compared = round((index.compared - before) / len(asked), 1)
            told[name] |= {**took, "compared": compared}
            same[name] = sum(_same(hits, every, row) for row, hits in enumerate(found))
        made = sum(p.stat().st_size for p in (folder / "engine" / "indexes").rglob("*.npy"))
        raw = count * settings["dimensions"] * 2
    return {
        "tokens": count,
        "queries": len(asked),
        "same": same,
        **told,
        "encode_seconds": encode_seconds,
        "raw_bytes": raw,
        "index_bytes": raw + made,
    }


def _all(tokens: Any, queries: Any, depth: int) -> Any:
    """Every document compared with every query."""
    from acclimate.models.indexes.max_sim import blocks, scores
    from acclimate.models.indexes.ranking import Ranking

    ranking = Ranking(len(queries), depth)
    for first, documents in blocks(tokens):
        ranking.add(scores(queries, documents), first)
    return ranking.hits


def _encoder(settings: dict[str, Any], folder: Path) -> Any:
    from acclimate.models.encoders import Dense, MultiVector
    from acclimate.models.weights import find
    from acclimate.parts.students import LateInteraction

    layers = LAYERS[settings["encoder"]]
    base = with_layers(find("all-MiniLM-L6-v2"), layers, folder / "base")
    model = LateInteraction(dimensions=settings["dimensions"]).prepare(Dense(str(base)).load())
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return MultiVector(str(folder / "model"))


def _each(search: Any, asked: Sequence[Any]) -> tuple[list[Any], dict[str, float]]:
    """What is found for each query, and its milliseconds: on the clock, and of the processor."""
    import numpy as np

    found, took = [], []
    for query in asked:
        clock, processor = time.perf_counter(), time.process_time()
        found.append(search(query))
        took.append((time.perf_counter() - clock, time.process_time() - processor))
    ms = 1_000 * np.array(took)
    return found, {
        f"{prefix}{name}_ms": round(float(value), 2)
        for prefix, column in zip(("", "cpu_"), ms.T, strict=True)
        for name, value in (
            ("mean", column.mean()),
            ("p95", np.quantile(column, 0.95)),
            ("max", column.max()),
        )
    }


def _same(one: Any, every: Any, row: int) -> bool:
    """Whether a search found the same documents, but for those whose scores are equal."""
    import numpy as np

    here = one.positions[0] == every.positions[row]
    return bool((here | (np.abs(one.scores[0] - every.scores[row]) < NEAR)).all())


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    answer_stages({"search": search})
