"""Speed beside the peer: PyPI's gpl 0.1.4, stage by stage, in one run.

Each stage runs in a process of its own, first the peer's, then ours, again and again (A B A B),
with the same MiniLM weights, the same texts and the same cross-encoder teacher (MiniLM with a
regression head drawn at random: its quality does not matter here), with 1 and with 2 threads.
What is compared:

    mine    texts per second: all documents and queries encoded, `depth` candidates per query
    label   useful pairs per second: each distinct pair counts once, whoever scores it how often
    train   triples per second: MarginMSE, `batch` triples per update
    memory  largest resident memory of the stage's process

A ratio is ours ÷ the peer's (memory: the peer's ÷ ours), taken within one repeat; the median over
the repeats is reported; beside it the ratio by processor seconds, which other work on the machine
disturbs less. The share of the machine is the operations of the tokens that are not
padding, per second, over the best rate that matrix products reach in the same run.

Time to quality is measured by time_to_quality.py.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from child import stage
from flops import forward, training
from peer_env import build

HERE = Path(__file__).resolve().parent
STAGES = ("mine", "label", "train")
UNIT = {"mine": "texts", "label": "pairs", "train": "triples"}


def main() -> None:
    """Run what is asked for and write one JSON."""
    options = _options()
    cache = Path(options.cache).expanduser()
    python, peer_versions = build(cache)
    settings = {
        "texts": options.texts,
        "documents": options.documents,
        "queries": options.queries,
        "document_tokens": options.document_tokens,
        "max_length": -(-(options.document_tokens + 2) // 8) * 8,
        "depth": options.depth,
        "batch": 32,
        "steps": options.label_steps,
        "train_steps": options.train_steps,
        "seed": options.seed,
    }
    shown = {
        **settings,
        "texts": Path(options.texts).name,
        "threads": options.threads,
        "repeats": options.repeats,
        "stages": options.stages,
    }
    result = {
        **record.frame("speed/peer_gpl", shown),
        "peer_versions": peer_versions,
        "runs": [],
        "summary": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        everything = {**settings, "scratch": folder}
        for threads in options.threads:
            side_by_side = Comparison(python, everything, threads, Path(folder), options.stages)
            for repeat in range(options.repeats):
                result["runs"] += side_by_side.repeat(repeat)
                result["summary"] = summary(result["runs"])
                record.write(options.out, result)
    _print(result["summary"])


class Comparison:
    """Both sides at one number of threads.

    Args:
        python: the peer's interpreter.
        settings: of every stage.
        threads: of both sides.
        folder: where the texts and intermediate files lie.
        stages: which stages to compare.
    """

    def __init__(
        self,
        python: str,
        settings: dict[str, Any],
        threads: int,
        folder: Path,
        stages: list[str],
    ) -> None:
        self.sides = {
            "peer": (python, HERE / "peer_worker.py"),
            "ours": (sys.executable, HERE / "our_worker.py"),
        }
        self.threads = threads
        self.stages = [name for name in STAGES if name in stages]
        # Labelling and training look at few queries, many times each, as a whole run does.
        many, few = (
            settings,
            {**settings, "queries": settings["batch"], "documents": settings["documents"] // 2},
        )
        self.ready = {}
        for name, of in (("many", many), ("few", few)):
            sizes = {**of, "data": str(folder / f"{name}-{threads}")}
            prepared = stage(
                sys.executable, HERE / "prepare.py", "data", settings=sizes, threads=threads
            )
            self.ready[name] = {**sizes, **prepared}
        self._mined = False

    def repeat(self, number: int) -> list[dict[str, Any]]:
        """Peer, ours, peer, ours … once through the stages."""
        rate = stage(
            sys.executable, HERE / "our_worker.py", "rates", settings={}, threads=self.threads
        )
        if not self._mined and {"label", "train"} & set(self.stages):
            self._run("peer", "mine", "few")  # the candidates that are labelled, once
            self._mined = True
        runs = []
        for name in self.stages:
            for side in ("peer", "ours"):
                used = self._run(side, name, "many" if name == "mine" else "few")
                runs.append(
                    {
                        "threads": self.threads,
                        "repeat": number,
                        "stage": name,
                        "side": side,
                        **self._measures(name, used, rate),
                    }
                )
                print(_line(runs[-1]), flush=True)
        return runs

    def _run(self, side: str, name: str, data: str) -> dict[str, Any]:
        python, script = self.sides[side]
        settings = {k: v for k, v in self.ready[data].items() if not k.endswith("_lengths")}
        return stage(
            python, script, name, settings=settings, threads=self.threads, timeout_seconds=3_600
        )

    def _measures(self, name: str, used: dict[str, Any], rate: dict[str, Any]) -> dict[str, Any]:
        seconds, best = used["seconds"], max(rate["fp32"], rate["bf16"])
        useful, done = self._work(name, used)
        return {
            "seconds": round(seconds, 2),
            "cpu_seconds": round(used["cpu_seconds"], 2),
            UNIT[name]: used[UNIT[name]],
            "useful": useful,
            "useful_per_second": round(useful / seconds, 3),
            "useful_per_cpu_second": round(useful / used["cpu_seconds"], 3),
            "peak_mib": round(used["peak_bytes"] / 2**20),
            "gflops": round(done / seconds / 1e9, 1),
            "share_of_machine": round(done / seconds / 1e9 / best, 3),
            "matrix_gflops": {"fp32": rate["fp32"], "bf16": rate["bf16"]},
        }

    def _work(self, name: str, used: dict[str, Any]) -> tuple[int, float]:
        """Useful items of a stage, and the operations of what was really computed."""
        if name == "mine":
            ready = self.ready["many"]
            return used["texts"], forward(ready["document_lengths"] + ready["query_lengths"])
        rows = _margins(Path(self.ready["few"]["data"]))
        lengths = self._lengths()
        if name == "train":
            rows = rows[: used["triples"]]
            return used["triples"], training(
                length for q, p, n in rows for length in (lengths[q], lengths[p], lengths[n])
            )
        drawn = [(q, d) for q, p, n in rows for d in (p, n)]
        distinct = dict.fromkeys(drawn)
        scored = drawn if used["pairs"] == len(drawn) else distinct
        return len(distinct), forward(lengths[q] + lengths[d] - 1 for q, d in scored)

    def _lengths(self) -> dict[str, int]:
        ready = self.ready["few"]
        data = Path(ready["data"])
        names = [_ids(data / "corpus.jsonl"), _ids(data / "qgen-queries.jsonl")]
        return {
            **dict(zip(names[0], ready["document_lengths"], strict=True)),
            **dict(zip(names[1], ready["query_lengths"], strict=True)),
        }


def summary(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians over the repeats, for each stage and number of threads."""
    rows = []
    for threads in sorted({run["threads"] for run in runs}):
        for name in STAGES:
            these = [r for r in runs if r["threads"] == threads and r["stage"] == name]
            both = {
                side: {r["repeat"]: r for r in these if r["side"] == side}
                for side in ("peer", "ours")
            }
            repeats = sorted(both["peer"].keys() & both["ours"].keys())
            if not repeats:
                continue
            row: dict[str, Any] = {"stage": name, "threads": threads, "unit": UNIT[name]}
            for side, of in both.items():
                for measure in ("useful_per_second", "peak_mib", "share_of_machine"):
                    row[f"{side}_{measure}"] = round(
                        statistics.median(of[r][measure] for r in repeats), 3
                    )
            ratios, by_cpu = (
                [both["ours"][r][m] / both["peer"][r][m] for r in repeats]
                for m in ("useful_per_second", "useful_per_cpu_second")
            )
            memory = [both["peer"][r]["peak_mib"] / both["ours"][r]["peak_mib"] for r in repeats]
            row |= {
                "speed_ratio": round(statistics.median(ratios), 2),
                "speed_ratios": [round(x, 2) for x in ratios],
                "speed_ratio_by_cpu_seconds": round(statistics.median(by_cpu), 2),
                "memory_ratio": round(statistics.median(memory), 2),
            }
            rows.append(row)
    return rows


def _margins(data: Path) -> list[tuple[str, str, str]]:
    from our_worker import margins

    return margins(data)


def _ids(path: Path) -> list[str]:
    import json

    return [json.loads(line)["_id"] for line in path.read_text("utf-8").splitlines()]


def _line(run: dict[str, Any]) -> str:
    return (
        f"{run['threads']} threads, repeat {run['repeat']}: {run['stage']:5} {run['side']}: "
        f"{run['useful_per_second']:8.2f} {UNIT[run['stage']]}/s, {run['peak_mib']} MiB, "
        f"{run['gflops']} GFLOP/s ({run['share_of_machine']:.0%} of the machine)"
    )


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        print(
            f"{row['stage']:5} {row['threads']} threads: {row['speed_ratio']} x the peer's "
            f"{row['unit']}/s, {row['memory_ratio']} x less memory"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--cache",
        default="~/.cache/acclimate-benchmarks",
        metavar="DIR",
        help="where the peer's environment is kept (1.2 GB); built there when it is missing",
    )
    add("--texts", default="api-docs", help="api-docs, or a BEIR folder")
    add("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    add("--threads", nargs="+", type=int, default=[1, 2])
    add("--repeats", type=int, default=3)
    add("--documents", type=int, default=700, help="documents that are mined")
    add("--queries", type=int, default=300, help="queries that are mined for")
    add("--document-tokens", type=int, default=250, help="documents are cut to this beforehand")
    add("--depth", type=int, default=100, help="candidates of a query; the peer has 2 x 50")
    add(
        "--label-steps",
        type=int,
        default=18,
        help="rows drawn per query; 140,000 x 32 / 250,000 = 17.9 in the paper",
    )
    add("--train-steps", type=int, default=4, help="updates of 32 triples")
    add("--seed", type=int, default=0)
    add("--out", type=Path, default=record.RESULTS / "peer_gpl.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
