"""peer_worker: the peer's stages, run by its own interpreter: its classes, as they are.

    peer_worker.py STAGE SETTINGS.json ANSWER.json

Models are opened before the clock starts, on both sides. The only change to the peer: its
encoder and cross-encoder are handed over opened.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages


def _start(settings: dict[str, Any]) -> None:
    import numpy as np
    import torch

    torch.set_num_threads(settings["threads"])
    random.seed(settings["seed"])
    np.random.seed(settings["seed"])  # noqa: NPY002 - what the peer draws from
    torch.manual_seed(settings["seed"])


def _load(settings: dict[str, Any]) -> tuple[Any, Any, Any]:
    from beir.datasets.data_loader import GenericDataLoader

    return GenericDataLoader(settings["data"], prefix="qgen").load(split="train")


def mine(settings: dict[str, Any]) -> dict[str, Any]:
    """NegativeMiner.run with one dense retriever: encode all, 50 candidates of each query."""
    _start(settings)
    from gpl.toolkit import mine as module
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(settings["student"])
    model.encode(["warm up"])
    module.SentenceTransformer = lambda name: model
    miner = module.NegativeMiner(
        settings["data"],
        "qgen",
        retrievers=[settings["student"]],
        retriever_score_functions=["cos_sim"],
        nneg=settings["depth"],
    )
    wall, cpu = time.perf_counter(), time.process_time()
    miner.run()
    return _timed(wall, cpu, texts=len(miner.corpus) + len(miner.gen_queries))


def label(settings: dict[str, Any]) -> dict[str, Any]:
    """PseudoLabeler.run: two pairs for each of steps × batch rows."""
    _start(settings)
    from gpl.toolkit import pl as module
    from sentence_transformers import CrossEncoder

    if settings.get("pair_teacher"):
        from pair_teacher import PairTeacher

        teacher: Any = PairTeacher(settings["teacher"], settings["max_length"])
    else:
        teacher = CrossEncoder(settings["teacher"])
    teacher.predict([("warm", "up")], show_progress_bar=False)
    module.CrossEncoder = lambda name: teacher
    corpus, queries, _ = _load(settings)
    labeller = module.PseudoLabeler(
        settings["data"],
        queries,
        corpus,
        settings["steps"],
        settings["batch"],
        settings["teacher"],
        settings["max_length"],
    )
    wall, cpu = time.perf_counter(), time.process_time()
    labeller.run()
    return _timed(wall, cpu, pairs=2 * settings["steps"] * settings["batch"])


def train(settings: dict[str, Any]) -> dict[str, Any]:
    """The training that `gpl.train` starts, with its own dataset, loss and settings."""
    _start(settings)
    _, fit = _trainer(settings)
    wall, cpu = time.perf_counter(), time.process_time()
    fit(settings["train_steps"])
    return _timed(wall, cpu, triples=settings["train_steps"] * settings["batch"])


def _trainer(settings: dict[str, Any]) -> tuple[Any, Any]:
    from gpl.toolkit.dataset import GenerativePseudoLabelingDataset
    from gpl.toolkit.loss import MarginDistillationLoss
    from gpl.toolkit.sbert import load_sbert
    from torch.utils.data import DataLoader

    corpus, queries, _ = _load(settings)
    model = load_sbert(settings["student"], None, settings["max_length"])
    rows = GenerativePseudoLabelingDataset(
        str(Path(settings["data"]) / "gpl-training-data.tsv"), queries, corpus
    )
    loader = DataLoader(rows, shuffle=False, batch_size=settings["batch"], drop_last=True)
    loss = MarginDistillationLoss(model=model, similarity_fct="dot")

    def fit(steps: int, **more: Any) -> None:
        model.fit(
            [(loader, loss)],
            epochs=1,
            steps_per_epoch=steps,
            warmup_steps=1_000,
            show_progress_bar=False,
            **more,
        )

    return model, fit


def learn(settings: dict[str, Any]) -> dict[str, Any]:
    """Train and, every so many steps, keep the weights and the training time so far.

    Checkpoints are written outside the clock.
    """
    _start(settings)
    from torch.optim.optimizer import register_optimizer_step_post_hook

    model, fit = _trainer(settings)
    folder = Path(settings["checkpoints"])
    folder.mkdir(parents=True, exist_ok=True)
    curve: list[dict[str, Any]] = []
    clock = {"start": time.perf_counter(), "step": 0}

    class Enough(Exception):  # noqa: N818 - ends the peer's loop from inside
        pass

    def watch(*_: Any) -> None:
        clock["step"] += 1
        if clock["step"] % settings["every"]:
            return
        seconds = time.perf_counter() - clock["start"]
        target = folder / f"{clock['step']:06d}"
        model.save(str(target))
        curve.append({"step": clock["step"], "seconds": round(seconds, 2), "name": target.name})
        (folder / "curve.json").write_text(json.dumps(curve), "utf-8")
        if seconds > settings["limit_seconds"]:
            raise Enough
        clock["start"] = time.perf_counter() - seconds  # saving does not count

    # The peer's loop has no hook of its own for "after each update".
    handle = register_optimizer_step_post_hook(watch)
    clock["start"] = time.perf_counter()
    try:
        fit(settings["train_steps"])
    except Enough:
        handle.remove()
    return {"curve": curve}


def _timed(wall: float, cpu: float, **counts: int) -> dict[str, Any]:
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        **counts,
    }


if __name__ == "__main__":
    answer_stages({"mine": mine, "label": label, "train": train, "learn": learn})
