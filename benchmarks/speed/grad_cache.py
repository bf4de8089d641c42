"""Memory of large batches: contrast over 1,024 queries in the memory of 32.

Each batch is trained in a process of its own, on the same texts, with InfoNCE over all documents of
the batch. `loops.Fit` makes all vectors first, without what a gradient needs, asks the loss for the
gradient of the vectors, and carries it back piece by piece (GradCache: Gao, Zhang, Han, Callan,
Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup, RepL4NLP 2021). What a
process held before the first update is taken off, so that the ratio is of training alone; the ratio
of whole processes stands beside it. One plain batch, carried back as a whole, shows what is saved.
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
TARGET = 1.2
"""Memory of the large batch, in that of the small one."""

NAMES = ("small", "large", "plain", "steps", "tokens", "encoder", "seed")


def compared(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """How much more memory the large batch takes: training alone, and the whole process."""
    return {
        "training": round(large["training_bytes"] / small["training_bytes"], 3),
        "process": round(large["process"]["peak_bytes"] / small["process"]["peak_bytes"], 3),
    }


def main() -> None:
    """Three processes, one JSON."""
    options = _options()
    settings = {name: getattr(options, name) for name in NAMES}

    def measured(batch: int, *, whole: bool) -> dict[str, Any]:
        return stage(
            sys.executable,
            HERE / "grad_cache_worker.py",
            "train",
            settings={**settings, "batch": batch, "whole": whole},
            threads=options.threads,
            timeout_seconds=3_600,
        )

    small, large = (measured(batch, whole=False) for batch in (options.small, options.large))
    plain = measured(options.plain, whole=True)
    ratios = compared(small, large)
    passed = {"at_most_20_percent_more": ratios["training"] <= TARGET}
    result = {
        **record.frame("speed/grad_cache", {**settings, "threads": options.threads}),
        "batches": {
            name: {
                "queries": found["batch"],
                "training_mib": round(found["training_bytes"] / 2**20),
                "process_mib": round(found["process"]["peak_bytes"] / 2**20),
                "seconds_per_update": found["seconds_per_update"],
            }
            for name, found in (("small", small), ("large", large), ("plain", plain))
        },
        "ratios": ratios,
        "passed": passed,
    }
    record.write(options.out, result)
    print(
        f"{options.large} queries take {ratios['training']:.2f} times the memory of "
        f"{options.small} (whole process: {ratios['process']:.2f})",
        flush=True,
    )
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="one update, 128 queries")
    add("--small", type=int, default=32, help="queries of the small batch")
    add("--large", type=int, default=1_024, help="queries of the large batch")
    add("--plain", type=int, default=64, help="queries of the batch that is not cut")
    add("--steps", type=int, default=2, help="updates of each")
    add("--tokens", type=int, default=160, help="of a document: 32 then fill a piece")
    add("--encoder", choices=("one layer", "full"), default="full")
    add("--threads", type=int, default=record.machine()["cores"])
    add("--seed", type=int, default=0)
    add("--out", type=Path, default=None, help="default: benchmarks/results/grad_cache.json")
    options = parser.parse_args()
    if options.quick:
        options.steps, options.large = 1, 128
    if options.out is None:
        name = "grad_cache_quick.json" if options.quick else "grad_cache.json"
        options.out = record.RESULTS / name
    return options


if __name__ == "__main__":
    main()
