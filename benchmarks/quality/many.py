"""many: many recipes on many collections, each pair kept as a file when it is done."""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import adapt
import record
from tests_of_pairs import compare, holm

VARIANTS = Path(__file__).resolve().parent / "variants.py"
MEASURE = "nDCG@10"


@dataclass(frozen=True, kw_only=True)
class Job:
    """One recipe.

    Args:
        name: in the result; of its file.
        function: of variants.py that makes it.
        settings: of that function, besides the common ones.
    """

    name: str
    function: str
    settings: dict[str, Any]


def run(
    jobs: Iterable[Job], options: argparse.Namespace, *, one: Callable[..., Any] = adapt.one
) -> None:
    """Run what is missing. One that fails is kept with its error, and the next one comes.

    Args:
        jobs: the recipes.
        options: of the command line.
        one: runs and measures one recipe on one collection.
    """
    parts = options.out.with_suffix("")
    with tempfile.TemporaryDirectory(prefix="acclimate-quality-") as scratch:
        kept = Path(options.cache) if options.cache else Path(scratch)
        for job in jobs:
            for place in options.collections:
                collection = adapt._name(place)
                path = parts / f"{job.name}@{collection}.json"
                wanted = _wanted(job, place, options)
                if adapt._usable(path, wanted, options.keep_older):
                    continue
                print(f"{job.name}, {collection}: running", flush=True)
                asked = _asked(job, options)
                try:
                    told = one(asked, place, options.seed, kept / collection, wanted)
                except RuntimeError as error:
                    frame = record.frame("quality/adapt", wanted)
                    told = {**frame, "name": collection, "failed": last_line(error)}
                record.write(path, {**told, "job": job.name})
                print(f"{job.name}, {collection}: {_short(told)}", flush=True)


def read(options: argparse.Namespace) -> dict[str, dict[str, dict[str, Any]]]:
    """What is there: collection -> job -> its file."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path in sorted(options.out.with_suffix("").glob("*@*.json")):
        part = json.loads(path.read_text("utf-8"))
        found.setdefault(part["name"], {})[part["job"]] = part
    return found


def compared(
    jobs: Mapping[str, Mapping[str, Any]],
    against: Sequence[str],
    families: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """A row per job of one collection: its mean, and paired tests against base and some jobs.

    Holm's correction is over the jobs, for each of those they are compared with.

    Args:
        jobs: files by job, of one collection.
        against: other jobs; "base" is the model they all started from.
        families: jobs that are corrected together, by job; others all together.
    """
    families = families or {}
    done = {name: told for name, told in jobs.items() if "values" in told}
    if not done:
        return []
    first = next(iter(done.values()))["values"]
    values = {name: told["values"]["adapted"][MEASURE] for name, told in done.items()}
    others = {"base": first["base"][MEASURE]} | {n: values[n] for n in against if n in values}
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            MEASURE: round(statistics.fmean(own), 4),
            "hybrid": round(statistics.fmean(done[name]["values"]["adapted+BM25"][MEASURE]), 4),
            "cpu_minutes": done[name]["cpu_minutes"],
            "tests": {o: compare(own, theirs) for o, theirs in others.items() if o != name},
        }
        for name, own in values.items()
    ]
    for other in others:
        for family in sorted({families.get(row["name"], "") for row in rows}):
            tests = [
                row["tests"][other]
                for row in rows
                if other in row["tests"] and families.get(row["name"], "") == family
            ]
            for test, p in zip(tests, holm([test["p"] for test in tests]), strict=True):
                test["p_holm"] = p
    return rows


def failures(jobs: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Why jobs have no values, by job."""
    return {name: told["failed"] for name, told in jobs.items() if "failed" in told}


def means(collections: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Mean over the collections of every job that all of them have."""
    found: dict[str, list[float]] = {}
    for collection in collections:
        for row in collection["rows"]:
            found.setdefault(row["name"], []).append(row[MEASURE])
    whole = {n: v for n, v in found.items() if len(v) == len(collections)}
    return {name: round(statistics.fmean(values), 4) for name, values in whole.items()}


def baselines(jobs: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Means of BM25, base and both of a collection; the same in each of its files."""
    done = [told["values"] for told in jobs.values() if "values" in told]
    systems = ("BM25", "base", "base+BM25") if done else ()
    return {s: round(statistics.fmean(done[0][s][MEASURE]), 4) for s in systems}


def last_line(error: BaseException) -> str:
    """The end of an error without any path of this machine."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return re.sub(r"(?:[\w~.-]*/)+", "", lines[-1] if lines else type(error).__name__)[:300]


def options_of(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what both programs are told."""
    add = parser.add_argument
    add("--collections", nargs="+", required=True, metavar="DIR", help="BEIR folders; api-docs")
    add("--queries", type=int, default=2_000, help="generated queries of each run")
    add("--steps", type=int, default=100, help="updates of 16 queries that each run may spend")
    add("--documents", type=int, default=None, help="of a collection at most; default: as usual")
    add("--judged", type=int, default=None, help="judged queries at most; default: as usual")
    add("--student", default="all-MiniLM-L6-v2", help="hub name or folder")
    add("--writer", default="", help="model that writes queries; default: pieces of documents")
    add("--teacher", default="", help="model that scores pairs; default: words and vectors")
    add("--seed", type=int, default=0)
    add("--sample-seed", type=int, default=0, help="draws documents and queries of big ones")
    add("--threads", type=int, default=record.machine()["cores"])
    add("--cache", default=None, metavar="DIR", help="keeps base rankings for the next time")
    add("--keep-older", action="store_true", help="use files made by other code or settings")
    return parser


def settled(options: argparse.Namespace) -> dict[str, Any]:
    """What a result depends on, without paths: models by their last name."""
    models = {n: Path(getattr(options, n)).name for n in ("student", "writer", "teacher")}
    plain = ("queries", "steps", "documents", "judged", "seed", "sample_seed", "threads")
    return {**{name: getattr(options, name) for name in plain}, **models}


def common(options: argparse.Namespace) -> dict[str, Any]:
    """Settings that every recipe gets."""
    names = ("queries", "steps", "student", "writer", "teacher")
    return {name: getattr(options, name) for name in names}


def _wanted(job: Job, place: str, options: argparse.Namespace) -> dict[str, Any]:
    told = {**settled(options), "job": job.name, "code": adapt._code(), "data": adapt._data(place)}
    return {**told, "of": {name: str(value) for name, value in job.settings.items()}}


def _asked(job: Job, options: argparse.Namespace) -> argparse.Namespace:
    """What adapt.py would be asked for this recipe."""
    return argparse.Namespace(
        recipe=f"{VARIANTS}:{job.function}",
        settings={**common(options), **job.settings},
        student=options.student,
        minutes=None,
        sample_seed=options.sample_seed,
        threads=options.threads,
        keep_runs=False,
        at_most={"documents": options.documents, "judged": options.judged},
    )


def _short(told: Mapping[str, Any]) -> str:
    if "failed" in told:
        return f"failed: {told['failed']}"
    values = told["values"]
    base, own = (statistics.fmean(values[s][MEASURE]) for s in ("base", "adapted"))
    return f"base {base:.4f}, adapted {own:.4f}, {told['cpu_minutes']} CPU minutes"
