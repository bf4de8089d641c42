"""overhead_worker: what overhead.py measures, in a process of its own.

overhead_worker.py STAGE SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages
from collections_with_judgements import API_DOCS, read
from growth_worker import LAYERS, with_layers

QUERY_TOKENS = 12
RATE = 2e-5
WARMUP = 5


@dataclass(frozen=True)
class Example:
    """A query, its documents (the source first) and a teacher's values."""

    query: str
    documents: tuple[str, ...]
    values: tuple[float, ...]


def train(settings: dict[str, Any]) -> dict[str, Any]:
    """Both loops in turn."""
    import torch

    from acclimate.models.weights import find

    torch.set_num_threads(settings["threads"])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        layers = LAYERS[settings["encoder"]]
        model = with_layers(find("all-MiniLM-L6-v2"), layers, folder / "model")
        examples = _examples(settings, model)
        repeats, losses = [], {}
        for number in range(settings["repeats"]):
            bare, losses["bare"] = _bare(settings, model, examples)
            fit, losses["fit"] = _fit(settings, model, examples, folder / f"fit-{number}")
            repeats.append({"bare": bare, "fit": fit})
    return {"repeats": repeats, "losses": losses}


def _examples(settings: dict[str, Any], model: Path) -> list[Example]:
    """Queries and documents of equal lengths; values by chance, as only time is measured."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    draw = random.Random(settings["seed"])
    texts = sorted(read(API_DOCS).documents.values())

    def cut(tokens: int) -> str:
        """So many tokens, with [CLS] and [SEP], of texts one after the other."""
        found: list[int] = []
        while len(found) < tokens - 2:
            found += tokenizer.encode(draw.choice(texts), add_special_tokens=False).ids
        return str(tokenizer.decode(found[: tokens - 2]))

    return [
        Example(
            cut(QUERY_TOKENS),
            tuple(cut(settings["tokens"]) for _ in range(settings["candidates"])),
            tuple(draw.random() for _ in range(settings["candidates"])),
        )
        for _ in range(settings["steps"] * settings["batch"])
    ]


def _bare(
    settings: dict[str, Any], model: Path, examples: list[Example]
) -> tuple[dict[str, float], list[float]]:
    """Seconds of an update, and the first and last loss."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import get_linear_schedule_with_warmup

    from acclimate.parts.loops._training import half_precision

    torch.manual_seed(settings["seed"])
    lower = half_precision("cpu")
    student = SentenceTransformer(str(model), device="cpu").eval()
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01)
    schedule = get_linear_schedule_with_warmup(optimizer, WARMUP, settings["steps"])

    def encode(texts: list[str]) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=lower):
            made: torch.Tensor = student(student.preprocess(texts))["sentence_embedding"]
        return torch.nn.functional.normalize(made.float(), dim=-1)

    ends: list[tuple[float, float]] = []
    losses = []
    for step in range(settings["steps"]):
        batch = examples[step * settings["batch"] :][: settings["batch"]]
        queries = encode([example.query for example in batch])
        documents = encode([text for example in batch for text in example.documents])
        documents = documents.view(len(batch), -1, documents.shape[1])
        scores = torch.einsum("bd,bkd->bk", queries, documents)
        values = torch.tensor([example.values for example in batch])
        margins = (scores[:, :1] - scores[:, 1:]) - (values[:, :1] - values[:, 1:])
        loss = margins.square().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        ends.append(_now())
    return _per_update(ends), _first_and_last(losses)


def _fit(
    settings: dict[str, Any], model: Path, examples: list[Example], folder: Path
) -> tuple[dict[str, float], list[float]]:
    """The same of `loops.Fit`."""
    from acclimate.engines.local import Local
    from acclimate.models.encoders import Dense
    from acclimate.models.student import Student
    from acclimate.parts.loops import Fit
    from acclimate.parts.losses import MarginMSE
    from acclimate.parts.part import Context

    ends: list[tuple[float, float]] = []

    def track(rows: Iterable[Any], what: str, total: int | None) -> Iterator[Any]:
        """Asked for the next row when an update has ended."""
        del total
        for row in rows:
            yield row
            if what == "training":
                ends.append(_now())

    engine = Local(device="cpu", folder=folder / "engine", precision="float32")
    ctx = Context(seed=settings["seed"], engine=engine, folder=folder, track=track)
    part = Fit(
        loss=MarginMSE(),
        steps=settings["steps"],
        batch=settings["batch"],
        candidates=settings["candidates"],
        learning_rate=RATE,
        warmup=WARMUP,
        scale=1.0,
    )
    part(*_tables(examples), Student(encoder=Dense(str(model))), ctx)
    return _per_update(ends), _first_and_last(ctx.notes["curve"]["loss"])


def _tables(examples: list[Example]) -> tuple[Any, Any, Any]:
    from acclimate.tables import Corpus, Labels, Queries

    texts = [(f"d{i}-{k}", t) for i, e in enumerate(examples) for k, t in enumerate(e.documents)]
    names = [f"q{i}" for i in range(len(examples))]
    width = len(examples[0].documents)
    return (
        Corpus.columns(
            doc_id=[name for name, _ in texts],
            title=[""] * len(texts),
            text=[text for _, text in texts],
        ),
        Queries.columns(
            query_id=names,
            text=[example.query for example in examples],
            source_doc_id=[f"d{i}-0" for i in range(len(examples))],
            split=["train"] * len(examples),
        ),
        Labels.columns(
            query_id=[name for name in names for _ in range(width)],
            doc_id=[name for name, _ in texts],
            value=[value for example in examples for value in example.values],
            teacher=["chance"] * len(texts),
        ),
    )


def _now() -> tuple[float, float]:
    """Seconds of wall and of processor time."""
    return time.perf_counter(), time.process_time()


def _per_update(ends: list[tuple[float, float]]) -> dict[str, float]:
    first, last = ends[0], ends[-1]
    wall, cpu = ((b - a) / (len(ends) - 1) for a, b in zip(first, last, strict=True))
    return {"seconds": wall, "cpu_seconds": cpu}


def _first_and_last(losses: list[float]) -> list[float]:
    return [round(losses[0], 5), round(losses[-1], 5)]


if __name__ == "__main__":
    answer_stages({"train": train})
