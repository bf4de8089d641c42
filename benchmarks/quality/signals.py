"""Signals: what each generator, miner and labeller is worth, the rest of `default` held fixed.

    python benchmarks/quality/signals.py --collections DIR... --queries 1000 --steps 60

Two questions. What does a student learn: `default` without its gate is run once as it is and once
for each part that can stand in place of its own, with the same number of queries and updates, and
measured by people's judgements afterwards (as in adapt.py); paired permutation tests against
`default` and the base model, Holm's correction over the parts of a stage. And how good a teacher is
each labeller: it rates the best documents of BM25 and the base model together for people's queries;
told are nDCG@10 of that order, the mean area under the curve (a relevant document above another
one), and the mean rank correlation of every two teachers. All of it is measured only: no weight and
no choice of acclimate is read off it.

Parts that need a model that was not named, or something that `default` has not, are left out with
the reason. Each (part, collection) is one file beside the result: a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import many
import record
import teacher as teachers
import variants
from adapt import _code, _data, _usable
from collections_with_judgements import Collection, read
from tests_of_pairs import compare, holm

AGAINST = ("default",)
FUSION = "Fusion"

Run = dict[str, dict[str, float]]


def main() -> None:
    """Run what is missing, merge, print."""
    options = _options()
    out = left_out(options)
    jobs = [
        many.Job(name=name, function="signal", settings={"stage": stage, "part": name})
        for stage in options.stages
        for name in chosen(stage, options)
        if name not in out
    ]
    jobs = list({job.name: job for job in jobs}.values())  # default is of every stage
    for place in options.collections:
        rated(place, options)
        record.write(options.out, merge(options, out))
    for job in jobs:
        many.run([job], options)
        record.write(options.out, merge(options, out))
    from report import signals_table

    print(signals_table(merge(options, out)))


def chosen(stage: str, options: argparse.Namespace) -> list[str]:
    """Parts of a stage that are asked for."""
    there = variants.names(stage)
    return there if not options.parts else [n for n in there if n in options.parts]


def left_out(options: argparse.Namespace) -> dict[str, str]:
    """Parts that cannot be shown here, and why."""
    told = {}
    for stage in options.stages:
        for name in chosen(stage, options):
            build = partial(variants.signal, stage=stage, part=name, **many.common(options))
            if reason := variants.why_not(build):
                told[name] = reason
    return told


def rated(place: str, options: argparse.Namespace) -> None:
    """How good a teacher each labeller is on a collection, kept as a file."""
    found = read(place).sized(
        options.sample_seed, documents=options.documents, queries=options.judged
    )
    path = options.out.with_suffix("") / f"teachers of {found.name}.json"
    wanted = {
        **many.settled(options), "pool": options.pool, "code": _code(), "data": _data(place),
        "labellers": chosen("labellers", options),
    }  # fmt: skip
    if "labellers" not in options.stages or _usable(path, wanted, options.keep_older):
        return
    print(f"teachers, {found.name}: rating", flush=True)
    runs, failed = labelled(found, options)
    told = {**record.frame("quality/teachers", wanted), "name": found.name, "failed": failed}
    record.write(path, told | quality(runs, found))


def labelled(
    found: Collection, options: argparse.Namespace
) -> tuple[dict[str, Run], dict[str, str]]:
    """The values of each labeller for the best documents of each query, and why some have none."""
    import ranking

    from acclimate.engines.local import Local
    from acclimate.errors import AcclimateError
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.student import Student
    from acclimate.models.weights import find
    from acclimate.parts.part import Context, apply, needs
    from acclimate.tables import Labels

    words = ranking.bm25(found.documents, found.queries)
    dense = ranking.dense(str(find(options.student)), found.documents, found.queries, None)
    first = best(ranking.hybrid(dense, words), options.pool)
    tables = (*teachers.tables(found, first), Student(encoder=Dense(options.student)))
    given = {"student": options.student, "writer": options.writer, "teacher": options.teacher}
    runs, failed = {"BM25+base": first}, {}
    for name in dict.fromkeys((FUSION, *chosen("labellers", options))):
        if name == "default":
            continue  # it is Fusion
        with closing(Local()) as engine:
            try:
                kind = variants.part_named("labellers", name)
                part = variants.instance(kind, {"labellers": _fusion()}, **given)
                if Labels in needs(part).values():
                    failed[name] = "changes labels, and rates nothing itself"
                    continue
                labels = apply(part, tables, Context(engine=engine))
            except AcclimateError as error:
                failed[name] = many.last_line(error)
                continue
        if len(labels):
            runs[name] = teachers.run_of(labels)
        else:
            failed[name] = "gave no label"
    return runs, failed


def quality(runs: Mapping[str, Run], found: Collection) -> dict[str, Any]:
    """nDCG@10 and area under the curve of each teacher, tests against Fusion, agreement of two."""
    import ranking

    queries = list(found.queries)
    values = {n: ranking.measure(run, found.qrels, queries)["nDCG@10"] for n, run in runs.items()}
    rows: list[dict[str, Any]] = []
    for name, run in runs.items():
        areas = [area(of, relevant(found, query)) for query, of in run.items()]
        there = [a for a in areas if a is not None]
        rows.append(
            {
                "name": name,
                "nDCG@10": round(statistics.fmean(values[name]), 4),
                "AUC": round(statistics.fmean(there), 4) if there else None,
                "test": compare(values[name], values[FUSION]) if FUSION in values else None,
            }
        )
    tests = [row["test"] for row in rows if row["test"] and row["name"] != FUSION]
    for test, p in zip(tests, holm([test["p"] for test in tests]), strict=True):
        test["p_holm"] = p
    agree = {f"{a} / {b}": agreement(runs[a], runs[b]) for a, b in combinations(runs, 2)}
    return {"queries": len(queries), "teachers": rows, "agreement": agree}


def best(run: Run, depth: int) -> Run:
    """The first documents of each query."""
    return {
        query: dict(sorted(of.items(), key=lambda item: (-item[1], item[0]))[:depth])
        for query, of in run.items()
    }


def relevant(found: Collection, query: str) -> set[str]:
    """Documents that people found relevant for a query."""
    return {document for asked, document in found.qrels if asked == query}


def area(scores: Mapping[str, float], right: set[str]) -> float | None:
    """Chance that a relevant document has a higher score than another one; ties count half.

    None where there is no relevant document, or no other one.
    """
    from scipy.stats import rankdata

    is_right = [document in right for document in scores]
    count, rest = sum(is_right), len(is_right) - sum(is_right)
    if not count or not rest:
        return None
    ranks = rankdata(list(scores.values()))
    total = sum(rank for rank, own in zip(ranks, is_right, strict=True) if own)
    return float((total - count * (count + 1) / 2) / (count * rest))


def agreement(one: Run, other: Run) -> float | None:
    """Mean rank correlation of two teachers over the queries; None where there is none.

    Queries with fewer than two documents in common, or with all the same value, have none.
    """
    from scipy.stats import rankdata

    found = []
    for query in one.keys() & other.keys():
        both = sorted(one[query].keys() & other[query].keys())
        a, b = (rankdata([run[query][d] for d in both]) for run in (one, other))
        a, b = a - a.mean(), b - b.mean()
        size = float((a @ a) * (b @ b)) ** 0.5
        if len(both) > 1 and size > 0:
            found.append(float(a @ b) / size)
    return round(statistics.fmean(sorted(found)), 4) if found else None


def merge(options: argparse.Namespace, out: dict[str, str]) -> dict[str, Any]:
    """One result of all files that are there."""
    stages = {name: stage for stage in variants.STAGES for name in variants.names(stage)}
    stages["default"] = ""
    collections, failed = [], {}
    for name, jobs in many.read(options).items():
        rows = many.compared(jobs, AGAINST, stages)
        told = [{"stage": stages.get(row["name"], ""), **row} for row in rows]
        collections.append({"name": name, "base": many.baselines(jobs), "rows": told})
        failed |= many.failures(jobs)
    files = sorted(options.out.with_suffix("").glob("teachers of *.json"))
    return {
        **record.frame("quality/signals", {**many.settled(options), "pool": options.pool}),
        "collections": collections,
        "mean": many.means(collections),
        "teachers": [_teachers(json.loads(path.read_text("utf-8"))) for path in files],
        "left_out": out,
        "failed": failed,
    }


def _teachers(told: dict[str, Any]) -> dict[str, Any]:
    return {n: told[n] for n in ("name", "queries", "teachers", "agreement", "failed")}


def _fusion() -> Any:
    from acclimate.parts import labellers

    return labellers.Fusion()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    many.options_of(parser)
    add = parser.add_argument
    stages = tuple(variants.STAGES)
    add("--stages", nargs="+", choices=stages, default=stages, help="default: all")
    add("--parts", nargs="+", default=[], metavar="NAME", help="only these; default: all")
    add("--pool", type=int, default=50, help="documents of a query that teachers rate")
    add("--out", type=Path, default=record.RESULTS / "signals.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
