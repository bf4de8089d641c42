"""worker: the stages of the quality benchmark, each in a process of its own.

    worker.py STAGE SETTINGS.json ANSWER.json

Only `baseline` and `measure` read judgements. `adapt` sees documents, and nothing else.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from child import answer_stages
from collections_with_judgements import Collection, corpus_of, read


def baseline(settings: dict[str, Any]) -> dict[str, Any]:
    """BM25, the base model and their sum; the two runs are kept for `measure`."""
    import ranking

    found = _collection(settings)
    queries = list(found.queries)
    kept = Path(settings["kept"])
    words = ranking.bm25(found.documents, found.queries)
    base = _dense(settings, found, settings["student"])
    _keep(kept / "bm25.json", words)
    systems = {"BM25": words, "base": base, "base+BM25": ranking.hybrid(base, words)}
    return {
        "queries": len(queries),
        "documents": len(found.documents),
        "judgements": len(found.qrels),
        "digest": found.digest(),
        "values": {
            name: ranking.measure(run, found.qrels, queries) for name, run in systems.items()
        },
    }


def measure(settings: dict[str, Any]) -> dict[str, Any]:
    """The adapted model, and its sum with BM25."""
    import ranking

    found = _collection(settings)
    queries = list(found.queries)
    words = json.loads((Path(settings["kept"]) / "bm25.json").read_text("utf-8"))
    adapted = _ranked(settings, found, settings["model"])
    systems = {"adapted": adapted, "adapted+BM25": ranking.hybrid(adapted, words)}
    return {
        "values": {
            name: ranking.measure(run, found.qrels, queries) for name, run in systems.items()
        }
    }


def adapt(settings: dict[str, Any]) -> dict[str, Any]:
    """Run the recipe on the documents alone; give back where the student is, and the verdict."""
    import acclimate
    from acclimate.pipeline.finding import find_maker

    corpus = corpus_of(settings["place"]).where("doc_id", _collection(settings).documents)
    recipe = settings["recipe"]
    if settings["with"]:
        recipe = partial(find_maker(recipe), **settings["with"])
    more = {"minutes": settings["minutes"]} if settings["minutes"] else {}
    outcome = acclimate.adapt(
        recipe,
        corpus,
        settings["student"],
        out=settings["out"],
        seed=settings["seed"],
        **more,
    )
    return {
        "model": str(outcome.model),
        "verdict": {"adapted": outcome.adapted, "sentence": str(outcome)},
    }


def _collection(settings: dict[str, Any]) -> Collection:
    return read(settings["place"]).sized(
        settings["sample_seed"],
        documents=settings.get("documents"),
        queries=settings.get("judged"),
    )


def _ranked(settings: dict[str, Any], found: Collection, model: str) -> dict[str, dict[str, float]]:
    """Of a dense encoder as everywhere here; models of other families by acclimate's indexes."""
    from acclimate.engines.local import Local
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.family import named
    from acclimate.models.indexes.flat import Flat
    from acclimate.models.indexes.reranked import Reranked
    from acclimate.models.scorers import CrossEncoder

    ref = named(model)
    if isinstance(ref, Dense):
        return _dense(settings, found, model)
    first = Flat(Dense(settings["student"]))
    index = Reranked(ref, first=first) if isinstance(ref, CrossEncoder) else Flat(ref)
    names = list(found.documents)
    with closing(Local()) as engine:
        hits = engine.search(
            index, list(found.documents.values()), list(found.queries.values()), depth=100
        )
    return {
        query: {names[p]: float(s) for p, s in zip(*row, strict=True) if p >= 0}
        for query, *row in zip(found.queries, hits.positions, hits.scores, strict=True)
    }


def _dense(settings: dict[str, Any], found: Collection, model: str) -> dict[str, dict[str, float]]:
    """Document vectors are kept by weights and collection: several seeds share the base's."""
    import ranking
    import torch

    torch.set_num_threads(settings["threads"])
    kept = Path(settings["kept"]) / f"{found.digest()[:16]}-{ranking.digest(_folder(model))}.npy"
    return ranking.dense(_folder(model), found.documents, found.queries, kept)


def _folder(model: str) -> str:
    from acclimate.models.weights import find

    return str(find(model))


def _keep(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value), "utf-8")
    part.replace(path)


if __name__ == "__main__":
    answer_stages({"baseline": baseline, "measure": measure, "adapt": adapt})
