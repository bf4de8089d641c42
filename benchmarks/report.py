"""report: results as Markdown tables, for README and docs.

    python benchmarks/report.py [RESULT.json ...]

`TABLES` says how the result of each benchmark is shown, by the name in its `benchmark` field.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from report_of_endpoints import faults_table, throughput_table
from report_of_parts import cached_table, linear_table, methods_table, signals_table
from tables_in_markdown import grid, points

RESULTS = Path(__file__).resolve().parent / "results"


def quality_table(result: dict[str, Any]) -> str:
    """nDCG@10 of every system on every collection, the gain and whether it is significant."""
    rows = []
    for row in sorted(result["collections"], key=lambda r: r["name"]):
        means, test = row["means"], row["tests"]["adapted"]
        rows.append(
            (
                row["name"],
                *(points(means[s]["nDCG@10"]) for s in _SYSTEMS),
                f"{100 * test['difference']:+.1f} ({100 * test['low']:+.1f} to "
                f"{100 * test['high']:+.1f})",
                _chance(test["p_holm"]),
                f"{row['cpu_minutes']:.0f}",
                f"{row['peak_mib'] / 1024:.1f}",
            )
        )
    mean = result["mean"]
    rows.append(
        (
            "**mean**",
            *(f"**{points(mean['nDCG@10'][s])}**" for s in _SYSTEMS),
            f"**{100 * mean['gain']:+.1f}**",
            "",
            "",
            "",
        )
    )
    return grid(("collection", *_SYSTEMS, "gain (95 %)", "p", "CPU min", "GiB"), rows) + (
        "\n\nnDCG@10 in points. Gain: adapted - base; p: paired permutation test, Holm-corrected "
        "over the collections. The hybrid gains "
        f"{100 * mean['hybrid_gain']:+.1f} points on the mean; significantly worse: "
        f"{', '.join(mean['significantly_worse']) or 'none'}."
    )


_SYSTEMS = ("BM25", "base", "base+BM25", "adapted", "adapted+BM25")


def writer_table(result: dict[str, Any]) -> str:
    """What a writer's questions are worth on each collection."""
    rows = [
        (
            row["name"],
            row["questions"],
            f"{row['found']:.0%}",
            f"{row['copied']:.0%}",
            f"{row['distinct']:.2f}",
            f"{row['words']:.1f}",
        )
        for row in result["collections"]
    ]
    header = ("collection", "questions", "found again", "copied", "distinct pairs", "words")
    return grid(header, rows) + (
        "\n\nFound again: the question's document is among the first ten of BM25 and vectors "
        "together. Copied: share of runs of five words that stand in the document."
    )


def teacher_table(result: dict[str, Any]) -> str:
    """How well each teacher ranks the same documents."""
    systems = tuple(result["mean"])
    rows = [
        (
            row["name"],
            *(points(row["means"][system]) for system in systems),
            f"{100 * row['test']['difference']:+.1f}",
            _chance(row["test"]["p_holm"]),
        )
        for row in result["collections"]
    ]
    rows.append(("**mean**", *(f"**{points(result['mean'][s])}**" for s in systems), "", ""))
    speed = result["speed"]
    return grid(("collection", *systems, "teacher - fusion", "p"), rows) + (
        "\n\nnDCG@10 in points over the best 100 of BM25 and the base model. Speed: "
        f"{speed['pairs_per_second']:.0f} pairs of {speed['mean_tokens']:.0f} tokens a second, "
        f"{speed['share_of_machine']:.0%} of the machine, {speed['ratio']:.1f} times "
        "sentence-transformers' `predict`."
    )


def speed_table(result: dict[str, Any]) -> str:
    """Both sides' rates at each stage, their ratio, memory and share of the machine."""
    rows = [
        (
            row["stage"],
            row["threads"],
            f"{row['peer_useful_per_second']:.1f}",
            f"{row['ours_useful_per_second']:.1f} {row['unit']}/s",
            f"**{row['speed_ratio']:.1f} x**",
            f"{row['peer_peak_mib'] / 1024:.1f}",
            f"{row['ours_peak_mib'] / 1024:.1f}",
            f"{row['peer_share_of_machine']:.0%}",
            f"{row['ours_share_of_machine']:.0%}",
        )
        for row in result["summary"]
    ]
    versions = result["peer_versions"]
    return grid(
        (
            "stage",
            "threads",
            "gpl",
            "acclimate",
            "ratio",
            "gpl GiB",
            "acclimate GiB",
            "gpl share",
            "acclimate share",
        ),
        rows,
    ) + (
        f"\n\nPeer: gpl {versions['gpl']} with sentence-transformers "
        f"{versions['sentence-transformers']}; medians of {result['settings']['repeats']} "
        "interleaved repeats. Share: of the machine's best matrix rate, padding not counted."
    )


def learning_table(result: dict[str, Any]) -> str:
    """Minutes until either side reaches the same quality."""
    rows = [
        (
            side,
            points(result[side]["best"]),
            _minutes(result[side]["reached_minutes"]),
            f"{result[side]['last_minutes']:.1f}",
        )
        for side in ("peer", "ours")
    ]
    sign = "at least " if result["peer"]["reached_minutes"] is None else ""
    ratio = result["ratio"]
    shown = "neither side reached it" if ratio is None else f"{sign}{ratio:.1f} times sooner"
    return grid(("side", "best nDCG@10", "minutes to target", "minutes run"), rows) + (
        f"\n\nTarget: nDCG@10 {points(result['target'])} on {result['settings']['texts']} (base "
        f"{points(result['base'])}), same queries and teacher: {shown}."
    )


def growth_table(result: dict[str, Any]) -> str:
    """Time of each stage and memory by corpus size."""
    rows = [
        (
            f"{row['documents']:,}",
            *(f"{row['stages'][s]['seconds']:.0f}" for s in _STAGES),
            f"{row['peak_mib'] / 1024:.2f}",
            f"{row['peak_anonymous_mib'] / 1024:.2f}",
        )
        for row in result["sizes"]
    ]
    return grid(
        ("documents", *(f"{s} s" for s in _STAGES), "peak GiB", "of it not mapped"), rows
    ) + (
        f"\n\nPer {result['settings']['queries']:,} queries; encoder: "
        f"{result['settings']['encoder']}, {result['settings']['threads']} threads."
    )


_STAGES = ("index", "mine", "label")


def kill_table(result: dict[str, Any]) -> str:
    """How many killed runs ended with the same tables and weights."""
    by_step: dict[str, list[bool]] = {}
    for moment in result["moments"]:
        by_step.setdefault(moment["step"], []).append(moment["equal"])
    rows = [(step, len(equal), sum(equal)) for step, equal in by_step.items()]
    rows.append(("**all**", f"**{len(result['moments'])}**", f"**{result['equal']}**"))
    return grid(("killed in", "times", "equal bit for bit after resuming"), rows)


def mutants_table(result: dict[str, Any]) -> str:
    """How many wrong losses their tests notice."""
    rows = [
        (f"`{file}`", told["mutations"], told["killed"], len(told["equivalent"]), left)
        for file, told in result["files"].items()
        for left in [", ".join(s["change"] for s in told["survivors"]) or "none"]
    ]
    keys = ("mutations", "killed", "equivalent", "survivors")
    rows.append(("**all**", *(f"**{result[key]}**" for key in keys)))
    return grid(("loss", "mutants", "noticed", "change nothing", "not noticed"), rows)


def parity_table(result: dict[str, Any]) -> str:
    """How much faster each step of Haystack v1's guide is, and how far apart the margins are."""
    wall, processor = result["times faster"], result["times faster by processor time"]
    rows = [(name, f"{wall[name]:.1f} x", f"{processor[name]:.1f} x") for name in wall]
    margins = result["margins"]
    return grid(("step", "times faster", "by processor time"), rows) + (
        f"\n\n{result['settings']['documents']} documents, ready-made questions, the same models "
        f"on both sides. v1's own {margins['labels']} triples labelled here: margins differ by "
        f"{margins['largest difference']:.0e} at most."
    )


def tokens_table(result: dict[str, Any]) -> str:
    """Late interaction: its index beside comparing every document."""
    rows = [
        (name, *(f"{result[side][f'{clock}{ms}_ms']:.1f}" for ms in ("mean", "p95", "max")
                 for clock in ("", "cpu_")), f"{result[side]['compared']:,.0f}")
        for name, side in (
            ("the index", "near"), ("the same, `exact`", "exact"), ("every document", "all")
        )
    ]  # fmt: skip
    head = ("compared", "ms a query", "of processor time", "95 %", "of it", "most", "of it")
    return grid((*head, "documents"), rows) + (
        f"\n\n{result['settings']['documents']:,} documents of {result['tokens']:,} tokens, one "
        f"thread; {result['same']['near']} and, `exact`, {result['same']['exact']} of "
        f"{result['queries']} queries find the same {result['settings']['depth']} as comparing "
        f"every document. The index takes {result['index_mib']:,.0f} MiB, the "
        f"vectors in half precision {result['raw_mib']:,.0f} MiB of them."
    )


def overhead_table(result: dict[str, Any]) -> str:
    """An update of `loops.Fit` beside one of a bare loop."""
    rows = [
        (name, f"{side['seconds']:.3f}", f"{side['cpu_seconds']:.3f}")
        for name, side in (
            ("a bare loop", result["per_update"]["bare"]),
            ("`loops.Fit`", result["per_update"]["fit"]),
        )
    ]
    return grid(("", "seconds an update", "of processor time"), rows) + (
        f"\n\nFit takes {result['ratio']:.3f} times as long (median of "
        f"{len(result['ratios']['seconds'])} repeats)."
    )


TABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "quality/adapt": quality_table,
    "quality/writer": writer_table,
    "quality/teacher": teacher_table,
    "quality/methods": methods_table,
    "quality/signals": signals_table,
    "speed/linear": linear_table,
    "speed/peer_gpl": speed_table,
    "speed/time_to_quality": learning_table,
    "speed/growth": growth_table,
    "speed/late_interaction": tokens_table,
    "speed/overhead": overhead_table,
    "speed/grad_cache": cached_table,
    "speed/llm_throughput": throughput_table,
    "parity/haystack_v1": parity_table,
    "reliability/kill": kill_table,
    "reliability/mutate_losses": mutants_table,
    "reliability/llm_faults": faults_table,
}


def _chance(p: float) -> str:
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _minutes(value: float | None) -> str:
    return "not reached" if value is None else f"{value:.1f}"


def main() -> None:
    """Print the table of each result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", nargs="*", type=Path, help="default: all committed results")
    for path in parser.parse_args().results or sorted(RESULTS.glob("*.json")):
        result = json.loads(path.read_text("utf-8"))
        print(
            f"## {result['benchmark']} ({result['date']})\n\n"
            f"{TABLES[result['benchmark']](result)}\n"
        )


if __name__ == "__main__":
    main()
