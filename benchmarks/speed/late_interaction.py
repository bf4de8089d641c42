"""Late interaction: time and exactness of its index, beside comparing every document.

Documents are made by resampling real text, as in growth.py; queries are the summary lines of the
API documentation, in their authors' words. The model is MiniLM's transformer with a map to
`--dimensions` (drawn orthogonal, as a student starts), a vector per token. One process and one
thread searches, a query at a time, its tokens encoded beforehand:

    near     the index as it is by default
    exact    the same, with proof that no document is missed
    all      every document compared with the query: with all for what is found, with a few for
             the time

Demanded: the top 10 of `near` are those of `all`; 95 of 100 queries take at most 50 ms by the
clock, so that nothing else should run beside it (processor time is told too); the index takes at
most twice the bytes of the token vectors in half precision, these included.
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
TARGET_MS = 50.0
TARGET_SIZE = 2.0


def main() -> None:
    """One process, one JSON."""
    options = _options()
    settings = {
        name: getattr(options, name)
        for name in ("documents", "queries", "words", "dimensions", "encoder", "seed", "depth")
    }
    if options.scratch:
        options.scratch.mkdir(parents=True, exist_ok=True)
    found = stage(
        sys.executable,
        HERE / "late_interaction_worker.py",
        "search",
        settings={**settings, "scratch": str(options.scratch) if options.scratch else None},
        threads=1,
        timeout_seconds=3 * 3_600,
    )
    passed = {
        "the_same_documents": set(found["same"].values()) == {found["queries"]},
        "within_50_ms": found["near"]["p95_ms"] <= TARGET_MS,
        "within_twice_the_vectors": found["index_bytes"] <= TARGET_SIZE * found["raw_bytes"],
    }
    result = {
        **record.frame("speed/late_interaction", {**settings, "threads": 1}),
        **{name: found[name] for name in ("tokens", "queries", "same", "near", "exact", "all")},
        "encode_seconds": round(found["encode_seconds"], 1),
        "raw_mib": round(found["raw_bytes"] / 2**20, 1),
        "index_mib": round(found["index_bytes"] / 2**20, 1),
        "peak_mib": round(found["peak_bytes"] / 2**20),
        "passed": passed,
    }
    record.write(options.out, result)
    print(_line(result), flush=True)
    record.end(passed)


def _line(result: dict[str, Any]) -> str:
    near, every, same = result["near"], result["all"], result["same"]
    return (
        f"{result['settings']['documents']:,} documents, {result['tokens']:,} tokens: "
        f"near {near['mean_ms']:.1f} ms (95 %: {near['p95_ms']:.1f}), "
        f"exact {result['exact']['mean_ms']:.1f} ms, all {every['mean_ms']:.1f} ms; "
        f"{same['near']} and {same['exact']} of {result['queries']} queries have the "
        f"same top documents; {result['index_mib']} MiB for vectors of {result['raw_mib']} MiB; "
        f"{near['compared']:.0f} documents compared"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="6,000 documents, 50 queries, no layers of MiniLM")
    add("--documents", type=int, default=20_000)
    add("--queries", type=int, default=300)
    add("--words", type=int, default=60, help="of a document, on the mean")
    add("--dimensions", type=int, default=128, help="of a token's vector")
    add("--encoder", choices=("embeddings", "one layer", "full"), default="full")
    add("--depth", type=int, default=10, help="documents that are found for a query")
    add("--seed", type=int, default=0)
    add(
        "--scratch",
        type=Path,
        default=None,
        help="folder for models and vectors; default: the system's temporary folder",
    )
    add("--out", type=Path, default=None, help="default: benchmarks/results/late_interaction.json")
    options = parser.parse_args()
    if options.quick:
        options.documents, options.queries, options.encoder = 6_000, 50, "embeddings"
    if options.out is None:
        name = "late_interaction_quick.json" if options.quick else "late_interaction.json"
        options.out = record.RESULTS / name
    return options


if __name__ == "__main__":
    main()
