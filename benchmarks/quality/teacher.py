"""Teacher: how well a cross-encoder ranks what people have judged, and how fast.

    python benchmarks/quality/teacher.py --collections DIR...

For each collection the best 100 documents of BM25 and of the base model together are put in order
by the fusion teacher (no model beside the base), by the cross-encoder, and by the ensemble of the
two; nDCG@10 by people's judgements. Paired permutation tests over queries, with Holm's correction
over the collections. Then its speed on the pairs of the first collection, length-sorted: pairs a
second, the share of the machine's best matrix rate, and the ratio to sentence-transformers'
`CrossEncoder.predict` with the same weights, in turns.

Scores are kept in --cache: a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "offline" / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import flops
import record
from collections_with_judgements import Collection, read
from tests_of_pairs import compare, holm

SYSTEMS = ("BM25+base", "fusion", "teacher", "ensemble")
GAIN, SHARE, RATIO = 0.02, 0.7, 1.8
"""What is demanded: nDCG@10 above the fusion teacher, share of the machine, ratio of speeds."""

Pair = tuple[str, str]


def one(collection: Collection, options: argparse.Namespace) -> dict[str, Any]:
    """nDCG@10 of each system on every query of a collection."""
    import ranking

    from acclimate.models.weights import find

    folder = str(find(options.base))
    vectors = options.cache / f"{collection.digest()[:16]}-{ranking.digest(folder)}.npy"
    lexical = ranking.bm25(collection.documents, collection.queries)
    dense = ranking.dense(folder, collection.documents, collection.queries, vectors)
    first = ranking.hybrid(dense, lexical)
    found = {"BM25+base": first, **reranked(collection, first, options)}
    queries = list(collection.queries)
    values = {
        system: ranking.measure(run, collection.qrels, queries)["nDCG@10"]
        for system, run in found.items()
    }
    row = {
        "name": collection.name,
        "queries": len(queries),
        "pairs": sum(map(len, first.values())),
        "means": {system: round(statistics.fmean(of), 4) for system, of in values.items()},
        "test": compare(values["teacher"], values["fusion"]),
    }
    print(row, flush=True)
    return row


def reranked(
    collection: Collection, first: dict[str, dict[str, float]], options: argparse.Namespace
) -> dict[str, dict[str, dict[str, float]]]:
    """The same documents in the order of each teacher."""
    from acclimate.engines.local import Local
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.scorers.cross_encoder import CrossEncoder
    from acclimate.models.student import Student
    from acclimate.parts import labellers
    from acclimate.parts.part import Context, apply

    corpus, queries, candidates = tables(collection, first)
    student = Student(encoder=Dense(options.base))
    ctx = Context(engine=Local(folder=options.cache / "engine"))
    fusion = labellers.Fusion()
    teacher = labellers.Score(teacher=CrossEncoder(options.teacher))
    systems = {
        "fusion": fusion,
        "teacher": teacher,
        "ensemble": labellers.Ensemble(labellers=(fusion, teacher)),
    }
    runs: dict[str, dict[str, dict[str, float]]] = {}
    for name, labeller in systems.items():
        labels = apply(labeller, (corpus, queries, candidates, student), ctx)
        runs[name] = run_of(labels)
    return runs


def tables(collection: Collection, first: dict[str, dict[str, float]]) -> tuple[Any, Any, Any]:
    """Documents, people's queries, and for each of them the documents of a first ranking."""
    from acclimate.tables import Candidates, Corpus, Queries

    corpus = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in _texts(collection))
    queries = Queries.of(
        {"query_id": q, "text": t, "split": "train"} for q, t in collection.queries.items()
    )
    candidates = Candidates.of(
        {
            "query_id": query,
            "doc_id": document,
            "rank": rank,
            "score": first[query][document],
            "is_source": False,
            "miner": "union",
        }
        for query in first
        for rank, document in enumerate(_ordered(first[query]), 1)
    )
    return corpus, queries, candidates


def run_of(labels: Any) -> dict[str, dict[str, float]]:
    """Labels as a run: query, document, value."""
    run: dict[str, dict[str, float]] = {}
    columns = (labels["query_id"], labels["doc_id"], labels["value"])
    for query, document, value in zip(*columns, strict=True):
        run.setdefault(query, {})[document] = value
    return run


def speed(collection: Collection, options: argparse.Namespace) -> dict[str, Any]:
    """Ours and sentence-transformers' rate on the same pairs, in turns."""
    import numpy as np
    import torch

    from acclimate.engines.batching import BATCH_TOKENS, batches
    from acclimate.models.scorers.cross_encoder import CrossEncoder

    torch.set_num_threads(options.threads)
    ref = CrossEncoder(options.teacher)
    ours, theirs = ref.open("cpu"), ref.load("cpu")
    pairs = drawn(collection, options.pairs, options.seed)
    tokens = ours.count_tokens(*zip(*pairs, strict=True))

    def score() -> None:
        for rows in batches(tokens, BATCH_TOKENS):
            ours.score([pairs[r][0] for r in rows], [pairs[r][1] for r in rows])

    def predict() -> None:
        theirs.predict(pairs, batch_size=32, show_progress_bar=False)

    took: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(options.repeats):
        for name, work in (("ours", score), ("theirs", predict)):
            began = time.perf_counter()
            work()
            took[name].append(time.perf_counter() - began)
    best = {name: min(of) for name, of in took.items()}
    rates = flops.matrix_rates()
    work = flops.forward(tokens.tolist()) / 1e9
    return {
        "pairs": len(pairs),
        "mean_tokens": round(float(np.mean(tokens)), 1),
        "threads": options.threads,
        "pairs_per_second": round(len(pairs) / best["ours"], 1),
        "predict_pairs_per_second": round(len(pairs) / best["theirs"], 1),
        "ratio": round(float(np.median(np.divide(took["theirs"], took["ours"]))), 2),
        "share_of_machine": round(work / best["ours"] / max(rates.values()), 3),
        "matrix_gflops": rates,
    }


def drawn(collection: Collection, count: int, seed: int) -> list[Pair]:
    """Pairs of queries and documents, by chance."""
    draw = random.Random(seed)
    queries, documents = list(collection.queries.values()), list(collection.documents.values())
    return [(draw.choice(queries), draw.choice(documents)) for _ in range(count)]


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Means over the collections."""
    return {
        system: round(statistics.fmean(row["means"][system] for row in rows), 4)
        for system in SYSTEMS
    }


def _texts(collection: Collection) -> list[Pair]:
    return list(collection.documents.items())


def _ordered(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda document: (-scores[document], document))


def _sized(place: str, options: argparse.Namespace) -> Collection:
    """A collection at its usual size, with as many queries as are wanted, by chance."""
    found = read(place).sized()
    if options.queries is None or len(found.queries) <= options.queries:
        return found
    chosen = sorted(random.Random(options.seed).sample(sorted(found.queries), options.queries))
    return Collection(
        found.name,
        found.documents,
        {q: found.queries[q] for q in chosen},
        {pair: grade for pair, grade in found.qrels.items() if pair[0] in set(chosen)},
    )


def main() -> None:
    """All collections, the speed, one JSON."""
    options = _options()
    collections = [_sized(place, options) for place in options.collections]
    rows = [one(collection, options) for collection in collections]
    for row, p in zip(rows, holm([row["test"]["p"] for row in rows]), strict=True):
        row["test"]["p_holm"] = p
    mean, fast = summary(rows), speed(collections[0], options)
    print(mean, fast, flush=True)
    passed = {
        "teacher_above_fusion_by_two_points": mean["teacher"] - mean["fusion"] >= GAIN,
        "ensemble_as_good_as_its_best_member": mean["ensemble"]
        >= max(mean["teacher"], mean["fusion"]),
        "share_of_the_machine": fast["share_of_machine"] >= SHARE,
        "faster_than_predict": fast["ratio"] >= RATIO,
    }
    settings = {
        name: value
        for name, value in vars(options).items()
        if name not in {"out", "cache", "collections", "teacher"}
    } | {"base": Path(options.base).name}
    result = {**record.frame("quality/teacher", settings), "collections": rows, "mean": mean}
    record.write(options.out, {**result, "speed": fast, "passed": passed})
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--collections", nargs="+", required=True, metavar="DIR", help="BEIR folders; api-docs")
    add("--teacher", default=None, help="folder or hub name; default: the bundled one")
    add("--base", default="all-MiniLM-L6-v2", help="model of the vectors and of the fusion")
    add("--queries", type=int, default=None, help="of a collection at most; default: all")
    add("--pairs", type=int, default=1_000, help="for the speed")
    add("--repeats", type=int, default=3, help="of the speed")
    add("--threads", type=int, default=record.machine()["cores"])
    add("--seed", type=int, default=0)
    add("--cache", type=Path, default=Path("runs/teacher"), help="keeps scores and vectors")
    add("--out", type=Path, default=record.RESULTS / "teacher.json")
    options = parser.parse_args()
    if options.teacher is None:
        import acclimate_offline

        options.teacher = str(acclimate_offline.teacher())
    return options


if __name__ == "__main__":
    main()
