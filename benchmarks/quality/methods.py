"""Methods: every recipe with the same queries and the same budget, on collections people judged.

    python benchmarks/quality/methods.py --collections DIR... --queries 1000 --steps 60

Each recipe runs as in adapt.py, on the documents alone and in a process of its own, and what comes
out is measured by people's judgements afterwards. What is held equal: the number of generated
queries, and the queries themselves wherever a recipe asks a writer or cuts pieces; the queries
that training reads (`--steps` updates of 16), by which each recipe's own number of updates is
scaled; no gate. What is a recipe's own: queries that are its method, negatives, labels, losses,
batches, the shape of its student. A recipe that needs queries of people, or a model that is not
there, is left out with the reason; a teacher that is not there is stood in for by words and
vectors, which the result says.

One table of nDCG@10, with paired permutation tests against the base model, gpl and default, and
Holm's correction over the recipes. Each (recipe, collection) is one file beside the result: a run
that was stopped goes on where it was. `--documents` and `--judged` make it small.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import many
import record
import variants

AGAINST = ("gpl", "default")


def main() -> None:
    """Run what is missing, merge, print."""
    options = _options()
    out = left_out(options)
    jobs = [
        many.Job(name=name, function="method", settings={"name": name})
        for name in options.recipes
        if name not in out
    ]
    for job in jobs:
        many.run([job], options)
        record.write(options.out, merge(options, out))
    from report import methods_table

    print(methods_table(merge(options, out)))


def left_out(options: argparse.Namespace) -> dict[str, str]:
    """Recipes that cannot be run here, and why."""
    told = {}
    for name in options.recipes:
        build = partial(variants.method, name=name, **many.common(options))
        if reason := variants.why_not(build):
            told[name] = reason
    return told


def stood_in(options: argparse.Namespace, out: dict[str, str]) -> dict[str, str]:
    """Recipes in which something stands in for a model that is not here, and what for what."""
    told = {
        name: ", ".join(variants.stood_in(name=name, **many.common(options)))
        for name in options.recipes
        if name not in out
    }
    return {name: what for name, what in told.items() if what}


def merge(options: argparse.Namespace, out: dict[str, str]) -> dict[str, Any]:
    """One result of all files that are there."""
    collections = []
    failed: dict[str, str] = {}
    for name, jobs in many.read(options).items():
        wanted = {n: told for n, told in jobs.items() if n in options.recipes}
        rows = many.compared(wanted, AGAINST)
        failed |= many.failures(wanted)
        collections.append({"name": name, "base": many.baselines(wanted), "rows": rows})
    return {
        **record.frame("quality/methods", many.settled(options)),
        "collections": collections,
        "mean": many.means(collections),
        "stood_in": stood_in(options, out),
        "left_out": out,
        "failed": failed,
    }


def _options() -> argparse.Namespace:
    from acclimate.pipeline.finding import recipe_names

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    many.options_of(parser)
    parser.add_argument(
        "--recipes", nargs="+", default=recipe_names(), metavar="NAME", help="default: all"
    )
    parser.add_argument("--out", type=Path, default=record.RESULTS / "methods.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
