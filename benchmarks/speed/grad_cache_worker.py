"""grad_cache_worker: one batch size of grad_cache.py, in a process of its own.

grad_cache_worker.py STAGE SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from child import answer_stages
from growth_worker import LAYERS, with_layers
from overhead_worker import _examples, _tables

WHOLE_TOKENS = 10**9
"""More than any batch has: nothing is cut."""


def train(settings: dict[str, Any]) -> dict[str, Any]:
    """A few updates, and what they took beside the model."""
    import torch

    from acclimate.engines.local import Local
    from acclimate.models.encoders import Dense
    from acclimate.models.student import Student
    from acclimate.models.weights import find
    from acclimate.parts.loops import Fit, _learner
    from acclimate.parts.losses import InfoNCE
    from acclimate.parts.part import Context

    torch.set_num_threads(settings["threads"])
    if settings["whole"]:
        _learner.PIECE_TOKENS = WHOLE_TOKENS
    before, ends = 0, []

    def track(rows: Iterable[Any], what: str, total: int | None) -> Iterator[Any]:
        """Asked for the first row before the first update, and then after each."""
        nonlocal before
        del total
        for row in rows:
            if what == "training":
                before = before or psutil.Process().memory_info().rss
                ends.append(time.perf_counter())
            yield row

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        layers = LAYERS[settings["encoder"]]
        model = with_layers(find("all-MiniLM-L6-v2"), layers, folder / "model")
        encoder = Dense(str(model), max_length=settings["tokens"])
        student = Student(encoder=encoder)
        pairs = {"steps": 1, "candidates": 1, "batch": settings["batch"]}
        tables = _tables(_examples(settings | pairs, model))
        engine = Local(device="cpu", folder=folder / "engine", precision="float32")
        ctx = Context(seed=settings["seed"], engine=engine, folder=folder / "run", track=track)
        part = Fit(
            loss=InfoNCE(temperature=0.05, in_batch=True),
            steps=settings["steps"],
            batch=settings["batch"],
            candidates=1,
            warmup=1,
        )
        part(*tables, student, ctx)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "batch": settings["batch"],
        "training_bytes": peak - before,
        "seconds_per_update": round((time.perf_counter() - ends[0]) / settings["steps"], 3),
    }


if __name__ == "__main__":
    answer_stages({"train": train})
