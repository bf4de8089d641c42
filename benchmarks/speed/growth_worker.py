"""growth_worker: one size of growth.py, and its figure.

growth_worker.py STAGE SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages
from collections_with_judgements import API_DOCS, read
from prepare import cross_encoder

LAYERS = {"embeddings": 0, "one layer": 1, "full": 6}


def grow(settings: dict[str, Any]) -> dict[str, Any]:
    """Index, mine and label with so many documents."""
    import torch

    from acclimate.engines.local import Local
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.scorers.cross_encoder import CrossEncoder
    from acclimate.models.student import Student
    from acclimate.models.weights import find
    from acclimate.parts import filters, labellers, miners
    from acclimate.parts.part import Context, apply

    torch.set_num_threads(settings["threads"])
    with tempfile.TemporaryDirectory(dir=settings["scratch"]) as scratch:
        folder = Path(scratch)
        base = find("all-MiniLM-L6-v2")
        cross_encoder(base, folder / "teacher", settings["seed"])
        encoder = Dense(str(with_layers(base, LAYERS[settings["encoder"]], folder / "encoder")))
        teacher, student = CrossEncoder(str(folder / "teacher")), Student(encoder=encoder)
        corpus, queries = tables(settings)
        ctx = Context(seed=settings["seed"], engine=Local(folder=folder / "engine"))
        words, vectors = miners.BM25(depth=50), miners.DenseSearch(encoder=encoder, depth=50)
        both = miners.Union((words, vectors))
        one = queries.head(1)
        watch = _Watch()
        watch.time("index", lambda: apply(both, (corpus, one, student), ctx))
        found = watch.time("mine", lambda: apply(both, (corpus, queries, student), ctx))
        few = apply(filters.Sample(per_query=settings["labelled"]), (found,), ctx)
        score = labellers.Score(teacher=teacher)
        labels = watch.time("label", lambda: apply(score, (corpus, queries, few, student), ctx))
        watch.stop()
        tokens = _tokens(base, corpus)
        disk = sum(p.stat().st_size for p in (folder / "engine").rglob("*") if p.is_file())
    return {
        "stages": watch.stages,
        "peak_anonymous_bytes": watch.anonymous,
        "tokens": tokens,
        "candidates": len(found),
        "labels": len(labels),
        "disk_bytes": disk,
    }


def tables(settings: dict[str, Any]) -> tuple[Any, Any]:
    """Short documents of real words, and queries that are stretches of other sentences."""
    from acclimate.tables import Corpus, Queries

    draw = random.Random(settings["seed"])
    sentences = [
        words
        for text in read(API_DOCS).documents.values()
        for part in re.split(r"(?<=[.!?])\s+|\n\n", text)
        if len(words := re.findall(r"[^\W\d_]{2,}", part)) >= 6
    ]

    def text(words: int) -> str:
        taken: list[str] = []
        while len(taken) < words:
            sentence = draw.choice(sentences)
            start = draw.randrange(max(1, len(sentence) - 4))
            taken += sentence[start : start + draw.randint(3, 6)]
        return " ".join(taken[:words])

    words, count = settings["words"], settings["documents"]
    texts = [text(draw.randint(words - 3, words + 3)) for _ in range(count)]
    return (
        Corpus.columns(doc_id=[f"d{i}" for i in range(count)], title=[""] * count, text=texts),
        Queries.columns(
            query_id=[f"q{i}" for i in range(settings["queries"])],
            text=[text(5) for _ in range(settings["queries"])],
            split=["train"] * settings["queries"],
        ),
    )


def with_layers(base: Path, layers: int, folder: Path) -> Path:
    """MiniLM with only its first layers."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(base, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": layers}), "utf-8")
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if _layer_of(name) < layers}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def _layer_of(weight: str) -> int:
    """The layer a weight belongs to; -1 for embeddings and pooler."""
    found = re.search(r"encoder\.layer\.(\d+)\.", weight)
    return int(found.group(1)) if found else -1


def _tokens(base: Path, corpus: Any) -> int:
    """Tokens of all documents, counted on at most 10,000 of them."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    some = corpus.head(10_000)["text"]
    counted = sum(len(e.ids) for e in tokenizer.encode_batch(some))
    return round(counted / len(some) * len(corpus))


class _Watch:
    """Times stages and looks at the memory of this process five times a second."""

    def __init__(self) -> None:
        import psutil

        self.stages: dict[str, dict[str, float]] = {}
        self.anonymous = 0
        self._process = psutil.Process()
        self._stage_peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        self._stage_peak = 0
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        self._see()
        self.stages[name] = {
            "seconds": time.perf_counter() - wall,
            "cpu_seconds": time.process_time() - cpu,
            "peak_bytes": self._stage_peak,
        }
        return result

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self._see()

    def _see(self) -> None:
        memory = self._process.memory_info()
        self._stage_peak = max(self._stage_peak, memory.rss)
        self.anonymous = max(self.anonymous, memory.rss - getattr(memory, "shared", 0))


def draw(settings: dict[str, Any]) -> dict[str, Any]:
    """Seconds and memory over documents, both axes logarithmic, as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "acclimate"
    from matplotlib import pyplot as plt

    rows = json.loads(Path(settings["result"]).read_text("utf-8"))["sizes"]
    sizes = [row["documents"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    for name in ("index", "mine", "label"):
        left.plot(sizes, [r["stages"][name]["seconds"] for r in rows], "o-", label=name)
    left.set(
        xscale="log",
        yscale="log",
        xlabel="documents",
        ylabel="seconds",
        title="Time per 1,000 queries",
    )
    right.plot(sizes, [r["peak_mib"] / 1024 for r in rows], "o-", label="peak")
    right.plot(
        sizes,
        [r["peak_anonymous_mib"] / 1024 for r in rows],
        "o--",
        label="of it not mapped from files",
    )
    right.axhline(4, color="grey", linestyle=":", label="target for a million")
    right.set(xscale="log", xlabel="documents", ylabel="GiB", title="Memory", ylim=(0, None))
    for axes in (left, right):
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    figure.tight_layout()
    part = Path(settings["figure"]).with_suffix(".part.svg")
    figure.savefig(part, metadata={"Date": None})
    part.replace(settings["figure"])
    return {}


if __name__ == "__main__":
    answer_stages({"grow": grow, "draw": draw})
