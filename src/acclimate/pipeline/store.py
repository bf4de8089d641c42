"""Store: keeps each step's result by fingerprint and finds it again; a crash loses nothing."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from acclimate.errors import ModelError, StoreError, TableError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, call, gives
from acclimate.pipeline.fingerprint import key_of
from acclimate.pipeline.saved import from_json, to_json
from acclimate.tables import Table

logger = logging.getLogger(__name__)

RUN = "run:"
MANIFEST = "manifest.json"
TABLE = "table.arrow"
STUDENT = "student.json"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one step did; the manifest beside its result.

    Args:
        key: fingerprint of the part and its inputs.
        name: class of the part.
        part: its repr.
        rows_in: rows of each table it took.
        rows_out: rows of the table it gave; None for a student.
        seconds: wall time. cpu_seconds: processor time of this process.
        peak_bytes: largest resident memory of the process up to its end.
        notes: what it reported.
        usage: per verb of the engine: calls, items, tokens, seconds.
        gave: the type it gave: "Queries", "Student".
        folder: where its result is, below the run folder.
        inside: folders of the steps it carried out itself (a composite such as Rounds).
        depth: 0 for a recipe's own step, 1 for one inside it, and so on.
        reused: whether an earlier run had paid for it.
    """

    key: str
    name: str
    part: str
    rows_in: dict[str, int]
    rows_out: int | None
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    notes: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, dict[str, float]] = field(default_factory=dict)
    gave: str = ""
    folder: str = ""
    inside: tuple[str, ...] = ()
    depth: int = 0
    reused: bool = False


class Store:
    """A run folder's steps.

    Args:
        folder: the run folder; made when it is not there.

    Raises:
        StoreError: when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []
        self._depth = 0
        try:
            (folder / "steps").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot write to {folder}: {error.strerror}. Choose another folder with --out."
            ) from error

    def make(self, part: Part, inputs: Mapping[str, Any], ctx: Context) -> Table | Student:
        """The result of a part: found if it was made before, else made and kept.

        A killed attempt leaves its folder without a manifest: the part runs again there, and
        finds what it had written itself (checkpoints).
        """
        key = key_of(part, inputs, ctx.seed)
        name = getattr(part, "__name__", type(part).__name__)
        folder = self.folder / "steps" / f"{_snake(name)}-{key[:16]}"
        found = self._find(folder, part)
        if found is not None:
            logger.info("%s: found, made by an earlier run", name)
            return found
        folder.mkdir(parents=True, exist_ok=True)
        first, self._depth = len(self.steps), self._depth + 1
        try:
            step, result = _measure(part, name, key, inputs, replace(ctx, folder=folder, notes={}))
        finally:
            self._depth -= 1
        step = replace(
            step,
            folder=f"steps/{folder.name}",
            inside=tuple(s.folder for s in self.steps[first:] if s.depth == self._depth + 1),
        )
        _keep(folder, result, self.folder)
        write_json(folder / MANIFEST, asdict(step))
        self.steps.append(replace(step, depth=self._depth))
        return result

    def _find(self, folder: Path, part: Part) -> Table | Student | None:
        """What an earlier run kept; None where there is nothing, or nothing whole."""
        if not (folder / MANIFEST).exists():
            return None
        try:
            result = _load(folder, gives(part), self.folder)
            steps = list(_told(self.folder, f"steps/{folder.name}", self._depth))
        except (
            OSError,
            ValueError,
            TypeError,
            KeyError,
            TableError,
            StoreError,
            ModelError,
        ) as error:
            logger.warning("%s is damaged and is made again: %s", folder.name, error)
            (folder / MANIFEST).unlink()
            return None
        self.steps += steps
        return result


def _measure(
    part: Part, name: str, key: str, inputs: Mapping[str, Any], ctx: Context
) -> tuple[Step, Table | Student]:
    before = getattr(ctx.engine, "usage", {})
    wall, cpu = time.perf_counter(), time.process_time()
    result: Table | Student = call(part, inputs, ctx)
    step = Step(
        key=key,
        name=name,
        part=repr(part),
        rows_in={type(v).__name__: len(v) for v in inputs.values() if isinstance(v, Table)},
        rows_out=len(result) if isinstance(result, Table) else None,
        seconds=round(time.perf_counter() - wall, 3),
        cpu_seconds=round(time.process_time() - cpu, 3),
        peak_bytes=peak_bytes(),
        notes=ctx.notes,
        usage=_more(getattr(ctx.engine, "usage", {}), before),
        gave=type(result).__name__,
    )
    logger.info("%s: %s -> %s in %.1f s", name, step.rows_in, step.rows_out, step.seconds)
    return step, result


def _more(
    after: Mapping[str, Mapping[str, float]], before: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """What was counted in between; verbs that were not called are left out."""
    more = {
        verb: {
            name: round(count - before.get(verb, {}).get(name, 0), 3 if name == "seconds" else 9)
            for name, count in counts.items()
        }
        for verb, counts in after.items()
    }
    return {verb: counts for verb, counts in more.items() if counts.get("calls", 1)}


def peak_bytes() -> int:
    """The largest resident memory of this process so far."""
    try:
        import resource
    except ImportError:  # Windows keeps no such count here
        return int(psutil.Process().memory_info().rss)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


def _told(root: Path, name: str, depth: int) -> Iterator[Step]:
    """What the manifests say of a step and of those inside it, in the order they ended."""
    saved = json.loads((root / name / MANIFEST).read_text("utf-8"))
    for inside in saved["inside"]:
        yield from _told(root, inside, depth + 1)
    saved["inside"] = tuple(saved["inside"])
    yield replace(Step(**saved), depth=depth, reused=True)


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: it is whole or not there."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=_plain)
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file atomically: it is whole or not there."""
    part = path.with_name(path.name + f".{os.getpid()}.part")
    try:
        # Half a character pair of a broken document is not UTF-8; it must not stop a report.
        part.write_bytes(text.encode("utf-8", "replace"))
        part.replace(path)
    except OSError as error:
        raise StoreError(f"Cannot write {path}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    """NumPy numbers and arrays in notes, as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise StoreError(f"A {type(value).__name__} cannot be kept as JSON: {value!r:.80}")


def _keep(folder: Path, result: Table | Student, root: Path) -> None:
    if isinstance(result, Table):
        result.write(folder / TABLE)
    else:
        keep_student(folder / STUDENT, result, root)


def keep_student(path: Path, student: Student, root: Path) -> None:
    """Write a student as JSON; its weights stay where they are."""
    write_json(path, _moved(to_json(student), str(root.resolve()), RUN))


def load_student(path: Path, root: Path) -> Student:
    """What `keep_student` wrote, in a run folder that may have been moved.

    Raises:
        ModelError: when its weights are gone.
    """
    saved = json.loads(path.read_text("utf-8"))
    student: Student = from_json(_moved(saved, RUN, str(root.resolve())))
    student.encoder.fingerprint()
    return student


def _load(folder: Path, kind: type, root: Path) -> Table | Student:
    if issubclass(kind, Table):
        table: Table = kind.open(folder / TABLE)
        return table
    return load_student(folder / STUDENT, root)


def _moved(saved: Any, old: str, new: str) -> Any:
    """Paths below the run folder are kept relative to it, so that a run can be moved."""
    if isinstance(saved, dict):
        return {k: _moved(v, old, new) for k, v in saved.items()}
    if isinstance(saved, list):
        return [_moved(v, old, new) for v in saved]
    inside = isinstance(saved, str) and (saved == old or saved.startswith(old + os.sep))
    return new + saved[len(old) :] if inside else saved


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
