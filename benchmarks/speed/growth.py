"""Growth: time and memory of index, mine and label, from 10,000 to 1,000,000 short documents.

Documents are made by resampling real text: two stretches of consecutive words of sentences of
the API documentation, so that words are as frequent as in real text and hardly two documents are
equal. Each size runs in a process of its own:

    index   encode all documents, build BM25 and the vector index
    mine    100 candidates of each query: 50 by BM25, 50 by vectors
    label   a cross-encoder (MiniLM with a head drawn at random) scores `--labelled` of them

Encoding is proportional to the documents and measured by peer_gpl.py, so by default the encoder
is the first of MiniLM's six layers: the same 384 dimensions, hence the same memory, for a sixth
of the time. `--encoder full` takes all six, `--encoder embeddings` none. Memory is the peak of the
process, and of it what is not mapped from files (the system can take mapped pages back).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from child import stage

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 100_000, 1_000_000)
TARGET_BYTES = 4 * 2**30


def main() -> None:
    """One process per size, one JSON, one figure."""
    options = _options()
    settings = {
        "encoder": options.encoder,
        "queries": options.queries,
        "words": options.words,
        "labelled": options.labelled,
        "seed": options.seed,
        "threads": options.threads,
    }
    if options.scratch:
        options.scratch.mkdir(parents=True, exist_ok=True)
    result = {**record.frame("speed/growth", {**settings, "sizes": options.sizes}), "sizes": []}
    for documents in options.sizes:
        found = stage(
            sys.executable,
            HERE / "growth_worker.py",
            "grow",
            settings={
                **settings,
                "documents": documents,
                "scratch": str(options.scratch) if options.scratch else None,
            },
            threads=options.threads,
            timeout_seconds=3 * 3_600,
        )
        result["sizes"].append(_row(documents, found))
        result["memory_target_met"] = all(
            r["peak_mib"] * 2**20 <= TARGET_BYTES for r in result["sizes"]
        )
        record.write(options.out, result)
        print(_line(result["sizes"][-1]), flush=True)
    stage(
        sys.executable,
        HERE / "growth_worker.py",
        "draw",
        settings={"result": str(options.out), "figure": str(options.out.with_suffix(".svg"))},
        threads=1,
    )


def _row(documents: int, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "documents": documents,
        "mean_tokens": round(found["tokens"] / documents, 1),
        "stages": {
            name: {
                "seconds": round(of["seconds"], 2),
                "cpu_seconds": round(of["cpu_seconds"], 2),
                "peak_mib": round(of["peak_bytes"] / 2**20),
            }
            for name, of in found["stages"].items()
        },
        "candidates": found["candidates"],
        "labels": found["labels"],
        "peak_mib": round(found["peak_bytes"] / 2**20),
        "peak_anonymous_mib": round(found["peak_anonymous_bytes"] / 2**20),
        "disk_mib": round(found["disk_bytes"] / 2**20),
    }


def _line(row: dict[str, Any]) -> str:
    stages = ", ".join(f"{n} {of['seconds']:.1f} s" for n, of in row["stages"].items())
    return (
        f"{row['documents']:>9,} documents: {stages}; peak {row['peak_mib']} MiB "
        f"({row['peak_anonymous_mib']} MiB not mapped), {row['disk_mib']} MiB on disk"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="10,000 and 30,000 documents, 100 queries")
    add("--sizes", nargs="+", type=int, default=list(SIZES))
    add("--queries", type=int, default=1_000)
    add("--labelled", type=int, default=10, help="candidates of a query that are labelled")
    add("--words", type=int, default=9, help="words of a document, on the mean")
    add("--encoder", choices=("embeddings", "one layer", "full"), default="one layer")
    add("--threads", type=int, default=record.machine()["cores"])
    add("--seed", type=int, default=0)
    add(
        "--scratch",
        type=Path,
        default=None,
        metavar="DIR",
        help="where vectors and indexes go meanwhile (about 3 GB for a million documents)",
    )
    add("--out", type=Path, default=None, help="default: benchmarks/results/growth.json")
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.queries = [10_000, 30_000], 100
    if options.out is None:
        options.out = record.RESULTS / ("growth_quick.json" if options.quick else "growth.json")
    return options


if __name__ == "__main__":
    main()
