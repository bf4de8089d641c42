"""Time to quality: minutes until the peer and acclimate reach the same nDCG@10.

Both start from the same MiniLM, the same documents, the same generated queries (written by
acclimate's generators, since the peer has none that works without a downloaded model) and the
same teacher, made of MiniLM's own token vectors (pair_teacher.py). The clock counts mining,
labelling and training; writing checkpoints and measuring are not counted.

The peer runs its own recipe: one dense miner, a random negative per row, MarginMSE on dot
products, 32 triples per update, learning rate 2e-5 after 1,000 updates of warm-up; its student is
looked at every `--every` updates, until `--limit-minutes`. Ours is run for several numbers of
updates, each from the beginning. The target is what ours reached `--share` of: base + share ×
(best - base). Where the peer does not reach it, the ratio is a lower bound.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from child import stage
from peer_env import build

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Ours, then the peer, then the comparison; one JSON."""
    options = _options()
    python, versions = build(Path(options.cache).expanduser())
    shown = {
        "texts": Path(options.texts).name,
        "queries": options.queries,
        "labelled_queries": options.labelled_queries,
        "candidates": options.candidates,
        "learns": options.learns,
        "depth": options.depth,
        "max_length": 256,
        "batch": 32,
        "seed": options.seed,
        "threads": options.threads,
        "every": options.every,
        "steps": options.steps,
        "share": options.share,
        "limit_minutes": options.limit_minutes,
        "peer_steps": options.peer_steps,
    }
    result = {**record.frame("speed/time_to_quality", shown), "peer_versions": versions}
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        learning = Learning(
            python,
            {
                **shown,
                "texts": options.texts,
                "data": str(Path(scratch) / "data"),
                "scratch": scratch,
                "pair_teacher": True,
                "limit_seconds": 60 * options.limit_minutes,
            },
        )
        result["base"] = learning.base()
        result["ours"] = side(learning.ours(options.steps))
        result["target"] = round(
            result["base"] + options.share * (result["ours"]["best"] - result["base"]), 4
        )
        record.write(options.out, {**result, "peer": side([]), "ratio": None})
        result["peer"] = side(learning.peer())
    result |= {"ratio": None, **compared(result)}
    record.write(options.out, result)
    print(json.dumps({k: result[k] for k in ("base", "target", "ratio")}))


class Learning:
    """Both sides on one collection.

    Args:
        python: the peer's interpreter.
        settings: of every stage.
    """

    def __init__(self, python: str, settings: dict[str, Any]) -> None:
        self.python = python
        self.settings = settings
        found = self._ours("prepare")
        self.settings = {**settings, **{k: found[k] for k in ("student", "teacher")}}

    def base(self) -> float:
        """nDCG@10 of the student before."""
        return float(self._ours("measure", model=self.settings["student"])["ndcg"])

    def ours(self, steps: list[int]) -> list[dict[str, Any]]:
        """(minutes, nDCG@10) after so many updates, each run from the beginning."""
        points = []
        for count in steps:
            out = Path(self.settings["scratch"]) / f"ours-{count}"
            found = self._ours("adapt", steps=count, out=str(out))
            points.append(self._point(count, found["seconds"], found["model"]))
        return points

    def peer(self) -> list[dict[str, Any]]:
        """(minutes, nDCG@10) of the peer's checkpoints."""
        steps = self.settings["peer_steps"]
        mined = self._peer("mine")["seconds"]
        labelled = self._peer("label", steps=steps)["seconds"] / steps
        folder = Path(self.settings["scratch"]) / "peer"
        self._peer("learn", train_steps=steps, checkpoints=str(folder))
        points = []
        for row in json.loads((folder / "curve.json").read_text("utf-8")):
            seconds = mined + labelled * row["step"] + row["seconds"]
            points.append(self._point(row["step"], seconds, str(folder / row["name"])))
        return points

    def _point(self, step: int, seconds: float, model: str) -> dict[str, Any]:
        ndcg = float(self._ours("measure", model=model)["ndcg"])
        print(f"{step:5} updates, {seconds / 60:6.2f} minutes: nDCG@10 {ndcg:.4f}", flush=True)
        return {"step": step, "minutes": round(seconds / 60, 3), "ndcg": ndcg}

    def _ours(self, name: str, **more: Any) -> dict[str, Any]:
        return self._stage(sys.executable, "learning_worker.py", name, more)

    def _peer(self, name: str, **more: Any) -> dict[str, Any]:
        return self._stage(self.python, "peer_worker.py", name, more)

    def _stage(self, python: str, script: str, name: str, more: dict[str, Any]) -> dict[str, Any]:
        return stage(
            python,
            HERE / script,
            name,
            settings={**self.settings, **more},
            threads=self.settings["threads"],
            timeout_seconds=6 * 3_600,
        )


def side(points: list[dict[str, Any]]) -> dict[str, Any]:
    """A side's curve, its best and its last minute."""
    return {
        "points": points,
        "reached_minutes": None,
        "best": max((p["ndcg"] for p in points), default=0.0),
        "last_minutes": max((p["minutes"] for p in points), default=0.0),
    }


def compared(result: dict[str, Any]) -> dict[str, Any]:
    """When either side reached the target, and how many times sooner ours did."""
    reached = {
        name: min(
            (p["minutes"] for p in result[name]["points"] if p["ndcg"] >= result["target"]),
            default=None,
        )
        for name in ("ours", "peer")
    }
    peer = reached["peer"] if reached["peer"] is not None else result["peer"]["last_minutes"]
    gained = result["ours"]["best"] > result["base"] and reached["ours"] is not None
    return {
        "ours": {**result["ours"], "reached_minutes": reached["ours"]},
        "peer": {**result["peer"], "reached_minutes": reached["peer"]},
        "ratio": round(peer / reached["ours"], 2) if gained else None,
        "ratio_is_lower_bound": reached["peer"] is None,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--cache",
        default="~/.cache/acclimate-benchmarks",
        metavar="DIR",
        help="where the peer's environment is kept",
    )
    add("--texts", default="api-docs", help="api-docs, or a BEIR folder with judgements")
    add("--queries", type=int, default=1_000, help="generated queries")
    add("--depth", type=int, default=50, help="candidates of the peer's miner")
    add("--steps", nargs="+", type=int, default=[100, 200, 400], help="our updates, one run each")
    add("--labelled-queries", type=int, default=400, help="of them, those we label")
    add("--candidates", type=int, default=8, help="depth of each of our miners")
    add("--learns", choices=("adapter", "query", "all"), default="adapter")
    add("--share", type=float, default=0.5, help="of our best gain that makes the target")
    add("--limit-minutes", type=float, default=30, help="of the peer's training")
    add("--peer-steps", type=int, default=300, help="updates the peer labels for, at most")
    add("--every", type=int, default=25, help="updates between looks at the peer's student")
    add("--threads", type=int, default=record.machine()["cores"])
    add("--seed", type=int, default=0)
    add("--scratch", type=Path, default=None, metavar="DIR")
    add("--out", type=Path, default=record.RESULTS / "time_to_quality.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
