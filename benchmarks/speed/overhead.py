"""Overhead: the training loop beside a bare one, update for update.

Both train MiniLM on the same queries, each with as many documents, with MarginMSE, AdamW, a
learning rate that rises and falls, and gradients clipped at 1. All documents are cut to the same
length and so are all queries, so that neither side gains by how it sorts texts: the bare loop
tokenises, encodes, compares, carries back and moves the weights, and does nothing else.
`loops.Fit` also draws the documents of each update, counts tokens, cuts batches into pieces, keeps
losses, tells of progress, and goes through a trainer.

The order is bare, Fit, bare, Fit, in one process; the time of an update is taken from the end of
the first to the end of the last, and a ratio within one repeat. The ratio of processor time beside
it tells whether other work on the machine spoilt it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from child import stage

HERE = Path(__file__).resolve().parent
TARGET = 1.05


def main() -> None:
    """One process, one JSON."""
    options = _options()
    settings = {
        name: getattr(options, name)
        for name in ("steps", "batch", "candidates", "tokens", "encoder", "repeats", "seed")
    }
    found = stage(
        sys.executable,
        HERE / "overhead_worker.py",
        "train",
        settings=settings,
        threads=options.threads,
        timeout_seconds=3 * 3_600,
    )
    repeats = found["repeats"]
    ratios = {
        clock: [round(row["fit"][clock] / row["bare"][clock], 3) for row in repeats]
        for clock in ("seconds", "cpu_seconds")
    }
    ratio = statistics.median(ratios["seconds"])
    passed = {"at_most_5_percent_more": ratio <= TARGET}
    result = {
        **record.frame("speed/overhead", {**settings, "threads": options.threads}),
        "per_update": {
            side: {
                clock: round(statistics.median(row[side][clock] for row in repeats), 4)
                for clock in ratios
            }
            for side in ("bare", "fit")
        },
        "ratio": round(ratio, 3),
        "ratios": ratios,
        "losses": found["losses"],
        "passed": passed,
    }
    record.write(options.out, result)
    print(
        f"an update takes Fit {ratio:.3f} times what it takes a bare loop "
        f"(each repeat: {ratios['seconds']}; of processor time: {ratios['cpu_seconds']})",
        flush=True,
    )
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="one layer of MiniLM, 10 updates, one repeat")
    add("--steps", type=int, default=12)
    add("--batch", type=int, default=16)
    add("--candidates", type=int, default=4, help="documents of a query")
    add("--tokens", type=int, default=64, help="of a document")
    add("--encoder", choices=("one layer", "full"), default="full")
    add("--repeats", type=int, default=9)
    add("--threads", type=int, default=record.machine()["cores"])
    add("--seed", type=int, default=0)
    add("--out", type=Path, default=None, help="default: benchmarks/results/overhead.json")
    options = parser.parse_args()
    if options.quick:
        options.steps, options.repeats, options.encoder = 10, 1, "one layer"
    if options.out is None:
        options.out = record.RESULTS / ("overhead_quick.json" if options.quick else "overhead.json")
    return options


if __name__ == "__main__":
    main()
