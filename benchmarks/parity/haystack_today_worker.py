"""haystack_today_worker: the same pipeline by acclimate's components in today's Haystack.

haystack_today_worker.py pipeline|margins SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from child import answer_stages
from haystack_v1_clock import Clock


def pipeline(settings: dict[str, Any]) -> dict[str, Any]:
    """Mine (encoding included), label, train."""
    import torch
    from haystack import Document

    from acclimate.models.encoders.dense import Dense
    from acclimate.parts import miners
    from haystack_integrations.components.training.acclimate import EmbedderTrainer, NegativeMiner

    torch.set_num_threads(settings["threads"])
    rows = json.loads(Path(settings["material"]).read_text("utf-8"))
    documents = [Document(content=d["text"], id=d["id"]) for d in rows["documents"]]
    encoder = Dense(settings["student"], max_length=settings["max_length"])
    miner = NegativeMiner(miners.DenseSearch(encoder=encoder, depth=settings["top_k"]))
    labeler = _labeler(settings)
    trainer = EmbedderTrainer(settings["student"], settings["out"], batch_size=settings["batch"])
    other = {"question": "an unrelated text", "document": "another one"}  # opens the models
    opened = miner.run([other], [Document(content="a third one")])["negatives"]
    trained = EmbedderTrainer(settings["student"], settings["out"] + "-other")
    trained.run(labeler.run(opened)["gpl_labels"])  # loads the libraries, as v1's imports did
    clock = Clock()
    mined = miner.run(rows["questions"], documents)["negatives"]
    clock.lap("mine")
    labels = labeler.run(mined)["gpl_labels"]
    clock.lap("label")
    report = trainer.run(labels)["report"]
    clock.lap("train")
    return {
        "seconds": clock.seconds,
        "cpu_seconds": clock.cpu_seconds,
        "labels": len(labels),
        "steps": report["steps"],
    }


def margins(settings: dict[str, Any]) -> dict[str, Any]:
    """v1's own triples, labelled here: how far the margins are from v1's."""
    theirs = json.loads(Path(settings["labels"]).read_text("utf-8"))
    triples = [{k: v for k, v in row.items() if k != "score"} for row in theirs]
    ours = _labeler(settings).run(triples)["gpl_labels"]
    away = [abs(a["score"] - b["score"]) for a, b in zip(ours, theirs, strict=True)]
    return {
        "labels": len(away),
        "largest difference": max(away),
        "spread of margins": _spread([row["score"] for row in theirs]),
    }


def _labeler(settings: dict[str, Any]) -> Any:
    from haystack_integrations.components.training.acclimate import CrossEncoderLabeler

    return CrossEncoderLabeler(settings["teacher"])


def _spread(values: list[float]) -> float:
    import numpy as np

    return float(np.std(values))


if __name__ == "__main__":
    answer_stages({"pipeline": pipeline, "margins": margins})
