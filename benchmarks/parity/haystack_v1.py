"""Haystack v1 and acclimate's components in today's Haystack: the same labels? how much faster?

The GPL guide's pipeline with ready-made questions (the summaries of the API documentation, each
with the document it is of): mine with MiniLM, label with a cross-encoder of MiniLM's size
(random head: its quality does not matter here), train one epoch by MarginMSE. v1 runs in an
environment of its own (haystack_v1_env.py). Each side in a process of its own, v1, ours, v1,
ours; a ratio is v1's seconds ÷ ours within one repeat, beside it that of processor seconds, which
other work on the machine disturbs less.

Two targets: v1's own triples, labelled here, have v1's margins to 1e-4; and the whole takes a third
of v1's time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from child import stage
from haystack_v1_env import build

HERE = Path(__file__).resolve().parent
STAGES = ("mine", "label", "train")
SHOWN = ("margins", "times faster", "times faster by processor time", "targets")
TOLERANCE = 1e-4
TIMES = 3.0


def main() -> None:
    """Run both sides and write one JSON; 1 when a target is missed."""
    options = _options()
    python, peer_versions = build(Path(options.cache).expanduser())
    shown = {
        "texts": Path(options.texts).name,
        "documents": options.documents,
        "questions": options.documents,
        "document_tokens": options.document_tokens,
        "top_k": 50,
        "batch": 16,
        "threads": options.threads,
        "repeats": options.repeats,
        "seed": 0,
    }
    result: dict[str, Any] = {
        **record.frame("parity/haystack_v1", shown),
        "peer_versions": peer_versions,
        "runs": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        settings = _prepared(shown, options, Path(scratch))
        for repeat in range(options.repeats):
            settings["out"] = str(Path(scratch) / f"out-{repeat}")
            result["runs"].append(_repeat(python, settings, options.threads))
            print(json.dumps(result["runs"][-1]), flush=True)
        margins = _ours("margins", settings, options.threads)
    result["margins"] = {
        k: margins[k] for k in ("labels", "largest difference", "spread of margins")
    }
    result["times faster"] = _summary(result["runs"], "seconds")
    result["times faster by processor time"] = _summary(result["runs"], "cpu_seconds")
    result["targets"] = {
        "margins equal to 1e-4": result["margins"]["largest difference"] <= TOLERANCE,
        "a third of the time": result["times faster"]["all"] >= TIMES,
    }
    record.write(options.out, result)
    print(json.dumps({k: result[k] for k in SHOWN}, indent=1))
    sys.exit(0 if all(result["targets"].values()) else 1)


def _prepared(shown: dict[str, Any], options: argparse.Namespace, scratch: Path) -> dict[str, Any]:
    """Texts and models that both sides read."""
    made = stage(
        sys.executable,
        HERE.parent / "speed" / "prepare.py",
        "data",
        settings={
            **shown,
            "texts": options.texts,
            "queries": options.documents,
            "data": str(scratch / "data"),
        },
        threads=options.threads,
    )
    documents = _lines(scratch / "data" / "corpus.jsonl")
    texts = {d["_id"]: d["text"] for d in documents}
    queries = {q["_id"]: q["text"] for q in _lines(scratch / "data" / "qgen-queries.jsonl")}
    judged = (scratch / "data" / "qgen-qrels" / "train.tsv").read_text("utf-8").splitlines()[1:]
    questions = [
        {"question": queries[query], "document": texts[document]}
        for query, document, _ in (line.split("\t") for line in judged)
    ]
    material = {
        "documents": [{"id": name, "text": text} for name, text in texts.items()],
        "questions": questions,
    }
    (scratch / "material.json").write_text(json.dumps(material), "utf-8")
    return {
        **shown,
        "student": made["student"],
        "teacher": made["teacher"],
        "max_length": 256,
        "material": str(scratch / "material.json"),
        "labels": str(scratch / "labels.json"),
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _repeat(python: str, settings: dict[str, Any], threads: int) -> dict[str, Any]:
    theirs = stage(
        python, HERE / "haystack_v1_worker.py", "pipeline", settings=settings, threads=threads
    )
    ours = _ours("pipeline", settings, threads)
    return {
        side: {
            **{kind: _whole(answer[kind]) for kind in ("seconds", "cpu_seconds")},
            "labels": answer["labels"],
            "peak_bytes": answer["peak_bytes"],
        }
        for side, answer in (("v1", theirs), ("ours", ours))
    }


def _whole(of_stage: dict[str, float]) -> dict[str, float]:
    return {**of_stage, "all": round(sum(of_stage.values()), 3)}


def _ours(name: str, settings: dict[str, Any], threads: int) -> dict[str, Any]:
    worker = HERE / "haystack_today_worker.py"
    return stage(sys.executable, worker, name, settings=settings, threads=threads)


def _summary(runs: list[dict[str, Any]], kind: str) -> dict[str, float]:
    """The median over the repeats, per stage and for the whole."""
    return {
        name: round(
            statistics.median(run["v1"][kind][name] / run["ours"][kind][name] for run in runs), 2
        )
        for name in (*STAGES, "all")
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", default="api-docs", help="collection, as quality/adapt.py")
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--document-tokens", type=int, default=126)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", default="~/.cache/acclimate-benchmarks")
    parser.add_argument("--out", type=Path, default=record.RESULTS / "haystack_v1.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
