"""report_of_parts: results of many recipes or parts as Markdown tables."""

from __future__ import annotations

from typing import Any

from tables_in_markdown import grid, points

SYSTEMS = ("BM25", "base", "base+BM25")
COMPARED = ("base", "gpl", "default")


def methods_table(result: dict[str, Any]) -> str:
    """Every recipe with the same queries and budget, beside base, gpl and default."""
    names = [collection["name"] for collection in result["collections"]]
    mean = result["mean"]
    rows: list[tuple[Any, ...]] = [
        (
            system,
            *(points(c["base"][system]) if c["base"] else "" for c in result["collections"]),
            *("",) * (1 + len(COMPARED)),
        )
        for system in SYSTEMS
    ]
    found = {c["name"]: {row["name"]: row for row in c["rows"]} for c in result["collections"]}
    recipes = sorted({n for of in found.values() for n in of}, key=lambda n: (-mean.get(n, 0.0), n))
    for recipe in recipes:
        own = [found[name].get(recipe) for name in names]
        rows.append(
            (
                recipe,
                *(points(row["nDCG@10"]) if row else _missing(recipe, result) for row in own),
                points(mean[recipe]) if recipe in mean else "",
                *(_against([row for row in own if row], other) for other in COMPARED),
            )
        )
    against = [f"- {other}" for other in COMPARED]
    return grid(("recipe", *names, "mean", *against), rows) + (
        f"\n\nnDCG@10 in points; {result['settings']['queries']:,} queries and "
        f"{result['settings']['steps']:,} updates of 16 for each, no gate. Differences by "
        "collection, those with p < .05 (permutation test, Holm over the recipes) in bold."
        + _told("Stand-ins", result["stood_in"])
        + _reasons(result)
    )


def _missing(name: str, result: dict[str, Any]) -> str:
    """What stands where a collection has no figure of a recipe or part."""
    return "failed" if name in result.get("failed", {}) else "not run"


def signals_table(result: dict[str, Any]) -> str:
    """What each part is worth in place of default's own; how good a teacher each labeller is."""
    names = [collection["name"] for collection in result["collections"]]
    found = {c["name"]: {row["name"]: row for row in c["rows"]} for c in result["collections"]}
    stage = {row["name"]: row["stage"] for c in result["collections"] for row in c["rows"]}
    mean = result["mean"]
    rows = []
    for part in sorted(stage, key=lambda n: (stage[n], -mean.get(n, 0.0), n)):
        own = [found[name].get(part) for name in names]
        shown_as = (points(row["nDCG@10"]) if row else _missing(part, result) for row in own)
        there = [row for row in own if row]
        rows.append((stage[part], part, *shown_as, _against(there, "default")))
    shown = grid(("stage", "part", *names, "- default"), rows)
    for told in result["teachers"]:
        teachers = [
            (
                row["name"],
                points(row["nDCG@10"]),
                "" if row["AUC"] is None else f"{row['AUC']:.3f}",
                _difference(row["test"]) if row["test"] else "",
            )
            for row in sorted(told["teachers"], key=lambda row: -row["nDCG@10"])
        ]
        header = (f"teacher on {told['name']}", "nDCG@10", "AUC", "- Fusion")
        shown += "\n\n" + grid(header, teachers)
    return shown + (
        "\n\nnDCG@10 in points as people judge, measured only; differences with p < .05 "
        "(permutation test, Holm over the parts of a stage) in bold." + _reasons(result)
    )


def linear_table(result: dict[str, Any]) -> str:
    """How the time of each part grows with the documents."""
    small, large = result["settings"]["sizes"]
    rows = [
        (
            row["folder"],
            row["part"],
            f"{row['seconds'][0]:.2f}",
            "over the limit" if row["seconds"][1] is None else f"{row['seconds'][1]:.2f}",
            "" if row["ratio"] is None else f"{row['ratio']:.1f}",
            {True: "yes", False: "**no**", None: "too fast to tell"}[row["fits"]],
        )
        for row in result["parts"]
    ]
    header = ("folder", "part", f"{small:,} s", f"{large:,} s", "ratio", "n log n")
    return grid(header, rows) + (
        f"\n\n{large / small:.0f} times the documents; n log n allows {result['allowed']:.1f} "
        "times the time, measuring included. Models are fakes." + _reasons(result)
    )


def _against(rows: list[dict[str, Any]], other: str) -> str:
    tests = [row["tests"][other] for row in rows if other in row["tests"]]
    return ", ".join(map(_difference, tests))


def _difference(test: dict[str, Any]) -> str:
    shown = f"{100 * test['difference']:+.1f}"
    return f"**{shown}**" if test.get("p_holm", 1.0) < 0.05 else shown


def _reasons(result: dict[str, Any]) -> str:
    """What is not in a table, and why."""
    return _told("Not in the table", {**result["left_out"], **result.get("failed", {})})


def _told(title: str, by_name: dict[str, str]) -> str:
    told = "; ".join(f"{name} ({what})" for name, what in sorted(by_name.items()))
    return f"\n\n{title}: {told}." if told else ""


def cached_table(result: dict[str, Any]) -> str:
    """What a large batch takes with GradCache, beside a small one and one that is not cut."""
    names = {"small": "cut", "large": "cut", "plain": "whole"}
    rows = [
        (how, side["queries"], side["training_mib"], side["process_mib"],
         f"{side['seconds_per_update']:.1f}")
        for how, side in ((how, result["batches"][name]) for name, how in names.items())
    ]  # fmt: skip
    header = ("batch", "queries", "MiB of training", "MiB of the process", "seconds an update")
    small, large = (result["batches"][name]["queries"] for name in ("small", "large"))
    times = result["ratios"]["training"]
    return grid(header, rows) + (
        f"\n\n{large:,} queries take {times:.2f} times the memory of {small}."
    )
