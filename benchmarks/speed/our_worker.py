"""our_worker: the same stages as peer_worker, by acclimate.

    our_worker.py STAGE SETTINGS.json ANSWER.json

Every stage starts without kept results: a fresh engine folder, a fresh ledger. Models are opened
before the clock starts, on both sides.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages


@contextmanager
def context(settings: dict[str, Any]) -> Iterator[Any]:
    import torch

    from acclimate.engines.local import Local
    from acclimate.parts.part import Context

    torch.set_num_threads(settings["threads"])
    with tempfile.TemporaryDirectory(dir=settings.get("scratch")) as folder:
        (Path(folder) / "step").mkdir()
        yield Context(
            seed=settings["seed"], engine=Local(folder=Path(folder)), folder=Path(folder) / "step"
        )


def tables(data: Path) -> tuple[Any, Any]:
    from acclimate.tables import Corpus, Queries

    documents = _rows(data / "corpus.jsonl")
    queries = _rows(data / "qgen-queries.jsonl")
    lines = (data / "qgen-qrels" / "train.tsv").read_text("utf-8").splitlines()[1:]
    about = {q: d for q, d, _ in (line.split("\t") for line in lines)}
    return (
        Corpus.columns(
            doc_id=[r["_id"] for r in documents],
            title=[""] * len(documents),
            text=[r["text"] for r in documents],
        ),
        Queries.columns(
            query_id=[r["_id"] for r in queries],
            text=[r["text"] for r in queries],
            source_doc_id=[about[r["_id"]] for r in queries],
            split=["train"] * len(queries),
        ),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def margins(data: Path) -> list[tuple[str, str, str]]:
    """The rows the peer drew: query, positive, negative."""
    lines = (data / "gpl-training-data.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")[:3]) for line in lines]  # type: ignore[misc]


def pairs(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """The distinct (query, document) pairs of such rows, in order of first use."""
    return list(dict.fromkeys((q, d) for q, p, n in rows for d in (p, n)))


def mine(settings: dict[str, Any]) -> dict[str, Any]:
    """miners.DenseSearch: encode all, 50 candidates of each query."""
    from acclimate.models.encoders.dense import Dense
    from acclimate.parts import miners

    corpus, queries = tables(Path(settings["data"]))
    encoder = Dense(settings["student"], max_length=settings["max_length"])
    with context(settings) as ctx:
        ctx.engine.encode(encoder, ["warm up"], kind="document")
        wall, cpu = time.perf_counter(), time.process_time()
        found = miners.DenseSearch(encoder=encoder, depth=settings["depth"])(corpus, queries, ctx)
        return _timed(wall, cpu, texts=len(corpus) + len(queries), rows=len(found))


def label(settings: dict[str, Any]) -> dict[str, Any]:
    """labellers.Score on the very pairs the peer drew; each distinct one once."""
    from acclimate.models.scorers.cross_encoder import CrossEncoder
    from acclimate.parts import labellers

    data = Path(settings["data"])
    corpus, queries = tables(data)
    wanted = pairs(margins(data))
    candidates = _candidates(queries, wanted)
    teacher = CrossEncoder(settings["teacher"])
    with context(settings) as ctx:
        ctx.engine.score(teacher, ["warm"], ["up"])
        wall, cpu = time.perf_counter(), time.process_time()
        labels = labellers.Score(teacher=teacher)(corpus, queries, candidates, ctx)
        answer = _timed(wall, cpu, pairs=len(labels))
        labels.write(data / "labels.arrow")
    return answer


def _candidates(queries: Any, wanted: Sequence[tuple[str, str]]) -> Any:
    from acclimate.tables import Candidates

    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    rank: dict[str, int] = {}
    rows = []
    for query, document in sorted(wanted, key=lambda pair: pair[0]):
        rank[query] = rank.get(query, 0) + 1
        rows.append(
            {
                "query_id": query,
                "doc_id": document,
                "rank": rank[query],
                "score": -float(rank[query]),
                "is_source": sources[query] == document,
                "miner": "peer",
            }
        )
    return Candidates.of(rows)


def train(settings: dict[str, Any]) -> dict[str, Any]:
    """loops.Fit with MarginMSE: as many updates of as many triples."""
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.student import Student
    from acclimate.parts import loops, losses
    from acclimate.parts.part import apply
    from acclimate.tables import Labels

    data = Path(settings["data"])
    corpus, queries = tables(data)
    labels = Labels.open(data / "labels.arrow")
    student = Student(encoder=Dense(settings["student"], max_length=settings["max_length"]))
    candidates = _candidates(queries, pairs(margins(data)))
    fit = loops.Fit(
        loss=losses.MarginMSE(),
        steps=settings["train_steps"],
        batch=settings["batch"],
        learning_rate=2e-5,
        warmup=1_000,
        candidates=2,
    )
    with context(settings) as ctx:
        ctx.engine.encode(student.encoder, ["warm up"], kind="document")
        wall, cpu = time.perf_counter(), time.process_time()
        apply(fit, [corpus, queries, candidates, labels, student], ctx)
        return _timed(wall, cpu, triples=settings["train_steps"] * settings["batch"])


def rates(settings: dict[str, Any]) -> dict[str, Any]:
    """What matrix products reach here and now."""
    import torch
    from flops import matrix_rates

    torch.set_num_threads(settings["threads"])
    return matrix_rates()


def _timed(wall: float, cpu: float, **counts: int) -> dict[str, Any]:
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        **counts,
    }


if __name__ == "__main__":
    answer_stages({"mine": mine, "label": label, "train": train, "rates": rates})
