"""learning_worker: our stages of time_to_quality.

learning_worker.py STAGE SETTINGS.json ANSWER.json
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "quality"))

from child import answer_stages
from collections_with_judgements import read
from our_worker import context, tables
from prepare import write_lines


def prepare(settings: dict[str, Any]) -> dict[str, Any]:
    """The collection's documents and generated queries, in the peer's formats."""
    from acclimate.models.weights import find
    from acclimate.parts import generators
    from acclimate.tables import Corpus

    documents = read(settings["texts"]).sized().documents
    corpus = Corpus.columns(
        doc_id=list(documents), title=[""] * len(documents), text=list(documents.values())
    )
    with context(settings) as ctx:
        queries = generators.Mixed(queries=settings["queries"])(corpus, ctx)
    folder = Path(settings["data"])
    (folder / "qgen-qrels").mkdir(parents=True)
    write_lines(
        folder / "corpus.jsonl", ({"_id": i, "title": "", "text": t} for i, t in documents.items())
    )
    write_lines(
        folder / "qgen-queries.jsonl",
        (
            {"_id": i, "text": t, "metadata": {}}
            for i, t in zip(queries["query_id"], queries["text"], strict=True)
        ),
    )
    with (folder / "qgen-qrels" / "train.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        file.writelines(
            f"{q}\t{d}\t1\n"
            for q, d in zip(queries["query_id"], queries["source_doc_id"], strict=True)
        )
    student = str(find("all-MiniLM-L6-v2"))
    return {"student": student, "teacher": student}


def adapt(settings: dict[str, Any]) -> dict[str, Any]:
    """Mine, label, train: whole lists against candidates of BM25, the student and chance.

    The parts of the embedding_adapter recipe, with the peer's teacher in place of its own.
    """
    from pair_teacher import PairScorer

    from acclimate.models.encoders.dense import Dense
    from acclimate.models.student import Student
    from acclimate.parts import filters, labellers, loops, losses, miners, students
    from acclimate.parts.part import apply

    corpus, queries = tables(Path(settings["data"]))
    encoder = Dense(settings["student"], max_length=settings["max_length"])
    scorer = PairScorer(settings["teacher"], settings["max_length"])
    depth, steps = settings["candidates"], settings["steps"]
    mine = miners.Union(
        (
            miners.BM25(depth=depth),
            miners.WithStudent(depth=depth),
            miners.RandomDocuments(count=depth // 2),
        )
    )
    fit = loops.Fit(
        loss=losses.KLDivergence(teacher_temperature=0.05, student_temperature=0.05),
        steps=steps,
        batch=32,
        learning_rate={"adapter": 3e-4, "query": 1e-4, "all": 3e-5}[settings["learns"]],
        warmup=min(20, steps // 4),
        candidates=2 * depth + depth // 2,
    )
    shapes = {"adapter": students.Adapter(), "query": students.QuerySide(), "all": students.Dense()}
    with context(settings) as ctx:
        ctx.engine.encode(encoder, ["warm up"], kind="document")
        ctx.engine.score(scorer, ["warm"], ["up"])
        start = time.perf_counter()
        asked = queries.head(settings["labelled_queries"])
        student = apply(shapes[settings["learns"]], [Student(encoder=encoder)], ctx)
        found = apply(mine, [corpus, asked, student], ctx)
        found = apply(filters.WithoutSource(), [found], ctx)
        labels = apply(labellers.Score(teacher=scorer), [corpus, asked, found], ctx)
        student = apply(fit, [corpus, asked, labels, student], ctx)
        seconds = time.perf_counter() - start
        shutil.copytree(student.encoder.model, settings["out"])
    return {"seconds": seconds, "model": settings["out"], "pairs": len(labels)}


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """nDCG@10 of a student, by people's judgements."""
    import ranking
    import torch

    torch.set_num_threads(settings["threads"])
    found = read(settings["texts"]).sized()
    run = ranking.dense(settings["model"], found.documents, found.queries, None)
    values = ranking.measure(run, found.qrels, list(found.queries))
    return {"ndcg": round(statistics.fmean(values["nDCG@10"]), 5)}


if __name__ == "__main__":
    answer_stages({"prepare": prepare, "adapt": adapt, "measure": measure})
