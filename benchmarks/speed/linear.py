"""Linear: the time of every part is linear, or n log n, in the documents.

    python benchmarks/speed/linear.py

Every generator, miner, labeller, filter and evaluator that takes documents runs over 10,000 and
over 100,000 made ones, with its defaults. Models are fakes that cost next to nothing, so that what
is timed is the part and the engine's own work (sorting, shards, indexes, exact search). Parts that
ask for each query (those that take a student or search, all miners and labellers) have the same
number of queries at both sizes; others have one query for ten documents, as a run has more queries
for more documents. The fastest of `--repeats` counts; what takes seconds is timed once.

A part fits when ten times the documents take at most n log n times `SLACK` as long. Parts that take
no documents are not in the table: their time does not hang on them. Every part is written when it
is done: a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import tempfile
import time
import typing
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "quality"))

import record
from adapt import _code
from many import last_line

FOLDERS = ("generators", "miners", "labellers", "filters", "evaluators")
SLACK = 1.5
"""Caches that no longer hold everything, and other work on the machine."""
FLOOR_SECONDS = 0.2
"""What takes less at the larger size is too fast to tell."""
PER_QUERY = ("miners", "labellers", "evaluators")
SEARCHING = ("RelatedChunks",)
"""Parts of other folders that search for each query."""
DOCUMENTS_PER_QUERY = 10
WARM = 100
"""Documents of a first call, in which libraries are loaded."""
PATIENCE_SECONDS = 5.0
"""What takes longer is timed once."""


GIVEN: dict[str, dict[str, Any]] = {"DiverseDocuments": {"at_most": 1_000}}
"""Settings under which a part has something to do at both sizes, where its defaults have not."""
LEFT_OUT = {"Answerable": "reads each query once, with a model that no fake stands for"}


class OverLimitError(Exception):
    """A part took too long."""


def main() -> None:
    """Time what is missing, part by part."""
    options = _options()
    settings = {
        "sizes": options.sizes, "queries": options.queries, "repeats": options.repeats,
        "limit_seconds": options.limit_seconds, "code": _code(),
    }  # fmt: skip
    result = started(options.out, settings)
    small, large = options.sizes
    done = {(row["folder"], row["part"]) for row in result["parts"]}
    from tables_that_grow import tables

    from acclimate.errors import AcclimateError

    worlds = {(n, fixed): tables(n, options.queries if fixed else n // DOCUMENTS_PER_QUERY)
              for n in options.sizes for fixed in (True, False)}  # fmt: skip
    warm = tables(WARM, WARM // DOCUMENTS_PER_QUERY)
    for folder, kind in parts(options.parts):
        if (folder, kind.__name__) in done or kind.__name__ in result["left_out"]:
            continue
        try:
            part = made(kind)
            fixed = per_query(folder, part)
            timed(part, warm, argparse.Namespace(repeats=1, limit_seconds=options.limit_seconds))
            seconds = [timed(part, worlds[n, fixed], options) for n in (small, large)]
        except (LookupError, AcclimateError) as reason:
            result["left_out"][kind.__name__] = last_line(reason)
            continue
        except Exception as error:
            result["failed"][kind.__name__] = f"{type(error).__name__}: {last_line(error)}"
            continue
        row = {"folder": folder, "part": kind.__name__, "queries": "fixed" if fixed else "growing"}
        result["parts"].append({**row, **judged(seconds, small, large)})
        record.write(options.out, result)
        print(result["parts"][-1], flush=True)
    record.write(options.out, result)
    from report import linear_table

    print(linear_table(result))
    record.end(
        {
            "every_part_is_n_log_n_at_most": not wrong(result["parts"]),
            "no_part_failed": not result["failed"],
        }
    )


def started(path: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """The result so far, if it was made with the same settings and code; else a new one."""
    if path.exists():
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found["settings"] == settings:
            return found
    small, large = settings["sizes"]
    frame = record.frame("speed/linear", settings)
    return {
        **frame,
        "allowed": round(allowed(small, large), 2),
        "parts": [],
        "left_out": {},
        "failed": {},
    }


def allowed(small: int, large: int) -> float:
    """How many times as long n log n may take, with slack."""
    return SLACK * large * math.log(large) / (small * math.log(small))


def judged(seconds: list[float | None], small: int, large: int) -> dict[str, Any]:
    """Times, their ratio, and whether it fits; None: too fast to tell. No time: over the limit."""
    before, after = seconds
    told = {"seconds": [None if s is None else round(s, 4) for s in seconds]}
    if before is None or after is None:
        return {**told, "ratio": None, "fits": False}
    ratio = after / max(before, 1e-9)
    fits = None if after < FLOOR_SECONDS else ratio <= allowed(small, large)
    return {**told, "ratio": round(ratio, 2), "fits": fits}


def wrong(rows: list[dict[str, Any]]) -> list[str]:
    """Parts that grow faster."""
    return [row["part"] for row in rows if row["fits"] is False]


def parts(names: list[str]) -> Iterator[tuple[str, type]]:
    """Parts that take documents, with their folders."""
    from acclimate.parts.part import needs
    from acclimate.tables import Corpus
    from acclimate.testing.laws import parts_in

    for folder, kind in parts_in("acclimate.parts"):
        wanted = folder in FOLDERS and (not names or kind.__name__ in names)
        if wanted and Corpus in needs(object.__new__(kind)).values():
            yield folder, kind


def made(kind: type) -> Any:
    """A part with its defaults, and a fake for each model.

    Raises:
        LookupError: when it must be given something that is not known here.
    """
    from tables_that_grow import MODELS

    from acclimate.errors import RecipeError
    from acclimate.testing import samples

    if reason := LEFT_OUT.get(kind.__name__):
        raise LookupError(reason)
    hints = typing.get_type_hints(kind)
    given = {
        n: MODELS[h] for n, h in hints.items() if isinstance(h, typing.Hashable) and h in MODELS
    } | GIVEN.get(kind.__name__, {})
    try:
        return samples.part(kind, **given)
    except RecipeError as error:
        raise LookupError(str(error)) from error


def per_query(folder: str, part: Any) -> bool:
    """Whether a part asks for each query, so that its time also grows with those."""
    from acclimate.models.student import Student
    from acclimate.parts.part import needs

    searches = folder in PER_QUERY or type(part).__name__ in SEARCHING
    return searches or Student in needs(part).values()


def timed(part: Any, world: dict[type, Any], options: argparse.Namespace) -> float | None:
    """The least seconds of a call; None: it took longer than the limit.

    Raises:
        LookupError: when it needs a table that is not made here.
    """
    from acclimate.engines.local import Local
    from acclimate.parts.part import Context, call, needs

    wanted = needs(part)
    if missing := {kind.__name__ for kind in wanted.values() if kind not in world}:
        raise LookupError(f"needs {', '.join(sorted(missing))}")
    inputs = {name: world[kind] for name, kind in wanted.items()}
    took = []
    for _ in range(options.repeats):
        with tempfile.TemporaryDirectory() as folder, closing(Local(folder=Path(folder))) as engine:
            ctx = Context(engine=engine, folder=Path(folder) / "part")
            begun = time.perf_counter()
            try:
                with limited(options.limit_seconds):
                    call(part, inputs, ctx)
            except OverLimitError:
                return None
            took.append(time.perf_counter() - begun)
        if took[-1] > PATIENCE_SECONDS:
            break
    return min(took)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Stop what takes longer."""

    def stop(*_: Any) -> None:
        raise OverLimitError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sizes", nargs=2, type=int, default=[10_000, 100_000], metavar="N")
    add("--queries", type=int, default=200, help="of parts that ask for each query")
    add("--repeats", type=int, default=2)
    add("--limit-seconds", type=float, default=3_600.0, help="of one call")
    add("--parts", nargs="+", default=[], metavar="NAME", help="only these; default: all")
    add("--out", type=Path, default=record.RESULTS / "linear.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
