"""Effect: what a recipe does for collections that people have judged.

    python benchmarks/quality/adapt.py --recipe default --collections DIR... api-docs

For each collection and seed: the recipe runs through `acclimate.adapt` on the documents alone,
in a process of its own; then, and only then, nDCG@10 and R@100 are measured with the judgements
for BM25, the base model, base+BM25, the adapted model and adapted+BM25. Paired permutation tests
and bootstrap intervals on the queries (several seeds: on each query's mean), Holm's correction
over the collections. Processor minutes and peak memory are those of the whole adapting process.

Every (collection, seed) is one file beside the result, written when it is done: a run that was
stopped goes on where it was. A file made by other code, data or settings is made again, except
with --keep-older.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import record
from child import stage
from collections_with_judgements import API_DOCS
from tests_of_pairs import compare, holm

HERE = Path(__file__).resolve().parent
SYSTEMS = ("BM25", "base", "base+BM25", "adapted", "adapted+BM25")
MEASURES = ("nDCG@10", "R@100")
AGAINST = {"adapted": "base", "adapted+BM25": "base+BM25"}


def main() -> None:
    """Run what is missing, merge, print."""
    options = _options()
    parts = options.out.with_suffix("")
    with tempfile.TemporaryDirectory(prefix="acclimate-quality-") as scratch:
        kept = Path(options.cache) if options.cache else Path(scratch)
        for place in options.collections:
            name = _name(place)
            for seed in range(options.first_seed, options.first_seed + _seeds(options, name)):
                path = parts / f"{name}-{seed}.json"
                wanted = _wanted(options, place, seed)
                if not _usable(path, wanted, options.keep_older):
                    record.portable(path.name, wanted)
                    print(f"{name}, seed {seed}: running", flush=True)
                    record.write(path, one(options, place, seed, kept / name, wanted))
                merged = merge(options, parts)
                record.write(options.out, merged)
                print(_row(next(r for r in merged["collections"] if r["name"] == name)), flush=True)
    print(table(merge(options, parts)))


def one(
    options: argparse.Namespace, place: str, seed: int, kept: Path, wanted: dict[str, Any]
) -> dict[str, Any]:
    """One collection with one seed: adapt first, then measure."""
    settings = {
        "place": place,
        "recipe": options.recipe,
        "with": dict(options.settings),
        "student": options.student,
        "minutes": options.minutes,
        "seed": seed,
        "sample_seed": options.sample_seed,
        "kept": str(kept),
        **getattr(options, "at_most", {}),
    }
    out = kept / f"run-{_stem(options.recipe)}-{seed}"
    shutil.rmtree(out, ignore_errors=True)
    try:
        adapted = _stage("adapt", {**settings, "out": str(out)}, options)
        before = _stage("baseline", settings, options)
        after = _stage("measure", {**settings, "model": adapted["model"]}, options)
    finally:
        if not options.keep_runs:
            shutil.rmtree(out, ignore_errors=True)
    used = adapted["process"]
    return {
        **record.frame("quality/adapt", wanted),
        "name": _name(place),
        "seed": seed,
        "documents": before["documents"],
        "queries": before["queries"],
        "judgements": before["judgements"],
        "digest": before["digest"],
        "verdict": adapted["verdict"],
        "cpu_minutes": round(used["cpu_seconds"] / 60, 2),
        "minutes": round(used["seconds"] / 60, 2),
        "peak_mib": round(used["peak_bytes"] / 2**20),
        "values": {**before["values"], **after["values"]},
    }


def _stage(name: str, settings: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    return stage(
        sys.executable,
        HERE / "worker.py",
        name,
        settings=settings,
        threads=options.threads,
        timeout_seconds=4 * 3_600,
    )


def merge(options: argparse.Namespace, parts: Path) -> dict[str, Any]:
    """One result of all files: means, tests over all collections, the targets."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(parts.glob("*.json")):
        part = json.loads(path.read_text("utf-8"))
        found.setdefault(part["name"], []).append(part)
    rows = [_collection(name, seeds) for name, seeds in found.items()]
    for system in AGAINST:
        corrected = holm([row["tests"][system]["p"] for row in rows])
        for row, p in zip(rows, corrected, strict=True):
            row["tests"][system]["p_holm"] = p
    settings = next(iter(found.values()))[0]["settings"]
    return {
        **record.frame("quality/adapt", {k: v for k, v in settings.items() if k != "seed"}),
        "collections": rows,
        "mean": _mean(rows),
    }


def _collection(name: str, seeds: list[dict[str, Any]]) -> dict[str, Any]:
    first = seeds[0]
    per_query = {
        system: {measure: _per_query(seeds, system, measure) for measure in MEASURES}
        for system in SYSTEMS
    }
    adapted = [statistics.fmean(s["values"]["adapted"]["nDCG@10"]) for s in seeds]
    return {
        "name": name,
        "documents": first["documents"],
        "queries": first["queries"],
        "judgements": first["judgements"],
        "seeds": [s["seed"] for s in seeds],
        "means": {
            system: {m: round(statistics.fmean(v), 4) for m, v in of.items()}
            for system, of in per_query.items()
        },
        "adapted_by_seed": [round(x, 4) for x in adapted],
        "tests": {
            system: compare(per_query[system]["nDCG@10"], per_query[other]["nDCG@10"])
            for system, other in AGAINST.items()
        },
        "verdicts": [s["verdict"] for s in seeds],
        "cpu_minutes": round(statistics.median(s["cpu_minutes"] for s in seeds), 2),
        "minutes": round(statistics.median(s["minutes"] for s in seeds), 2),
        "peak_mib": max(s["peak_mib"] for s in seeds),
    }


def _per_query(seeds: list[dict[str, Any]], system: str, measure: str) -> list[float]:
    columns = zip(*(s["values"][system][measure] for s in seeds), strict=True)
    return [statistics.fmean(values) for values in columns]


def _mean(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Over the collections: what the targets ask for."""
    means = {
        system: round(statistics.fmean(r["means"][system]["nDCG@10"] for r in rows), 4)
        for system in SYSTEMS
    }
    worse = [
        r["name"]
        for r in rows
        if r["tests"]["adapted"]["p_holm"] < 0.05 and r["tests"]["adapted"]["difference"] < 0
    ]
    return {
        "nDCG@10": means,
        "gain": round(means["adapted"] - means["base"], 4),
        "hybrid_gain": round(means["adapted+BM25"] - means["base+BM25"], 4),
        "significantly_worse": worse,
        "most_cpu_minutes": max(r["cpu_minutes"] for r in rows),
        "most_peak_mib": max(r["peak_mib"] for r in rows),
    }


def table(result: dict[str, Any]) -> str:
    """The result as Markdown."""
    from report import quality_table

    return quality_table(result)


def _row(row: dict[str, Any]) -> str:
    test = row["tests"]["adapted"]
    means = ", ".join(f"{s} {row['means'][s]['nDCG@10']:.3f}" for s in SYSTEMS)
    return (
        f"{row['name']}: {means}; adapted - base {test['difference']:+.4f} "
        f"(p {test['p']:.4f}), {row['cpu_minutes']} CPU minutes, {row['peak_mib']} MiB"
    )


def _wanted(options: argparse.Namespace, place: str, seed: int) -> dict[str, Any]:
    """What a file depends on: settings, code, data."""
    return {
        "recipe": options.recipe,
        "with": dict(options.settings),
        "student": options.student,
        "minutes_budget": options.minutes,
        "threads": options.threads,
        "seed": seed,
        "sample_seed": options.sample_seed,
        "code": _code(),
        "data": _data(place),
    }


def _usable(path: Path, wanted: dict[str, Any], keep_older: bool) -> bool:
    if not path.exists():
        return False
    made = json.loads(path.read_text("utf-8"))["settings"]
    return keep_older or made == wanted


def _code() -> str:
    """A hash of everything that decides what a run gives."""
    import acclimate

    root = Path(acclimate.__file__).parent
    total = hashlib.sha256()
    for folder in ("tables", "models", "engines", "parts", "recipes", "pipeline"):
        for path in sorted((root / folder).rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _data(place: str) -> str:
    if place == API_DOCS:
        return "-".join(
            f"{k} {v}" for k, v in record.versions(("numpy", "scipy", "scikit-learn")).items()
        )
    total = hashlib.sha256()
    for path in sorted(p for p in Path(place).rglob("*") if p.is_file() and p.suffix != ".md"):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _name(place: str) -> str:
    return place if place == API_DOCS else Path(place).resolve().name


def _seeds(options: argparse.Namespace, name: str) -> int:
    return options.seeds if not options.only_small or name in options.only_small else 1


def _stem(recipe: str) -> str:
    return Path(recipe.partition(":")[0]).stem


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--recipe", default="default", help="name of a recipe, or file.py:function")
    add(
        "--collections",
        nargs="+",
        required=True,
        metavar="DIR",
        help="BEIR folders with qrels/test.tsv; api-docs is the API documentation",
    )
    add(
        "--with",
        dest="settings",
        action="append",
        type=_setting,
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the recipe; may be given again",
    )
    add("--student", default="all-MiniLM-L6-v2", help="hub name or folder")
    add("--minutes", type=float, default=None, help="budget handed to the recipe; default: none")
    add("--seeds", type=int, default=1, help="how many seeds")
    add(
        "--only-small",
        nargs="+",
        metavar="NAME",
        default=[],
        help="more than one seed on these collections only",
    )
    add("--first-seed", type=int, default=0)
    add("--sample-seed", type=int, default=0, help="draws documents and queries of big ones")
    add("--threads", type=int, default=record.machine()["cores"])
    add(
        "--cache",
        default=None,
        metavar="DIR",
        help="keeps base rankings and runs for the next time; default: a temporary folder",
    )
    add("--keep-runs", action="store_true", help="leave the run folders in --cache")
    add("--keep-older", action="store_true", help="use files made by other code or settings")
    add("--out", type=Path, default=None, help="default: benchmarks/results/adapt_RECIPE.json")
    options = parser.parse_args()
    if options.out is None:
        options.out = record.RESULTS / f"adapt_{_stem(options.recipe)}.json"
    return options


if __name__ == "__main__":
    main()
