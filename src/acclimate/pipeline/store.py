"""Store: keeps each step's result by fingerprint and finds it again; a crash loses nothing."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from acclimate.errors import StoreError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, call, gives
from acclimate.pipeline.fingerprint import key_of
from acclimate.pipeline.saved import from_json, to_json
from acclimate.tables import Table

logger = logging.getLogger(__name__)

RUN = "run:"


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
        peak_bytes: largest resident memory seen at its end.
        notes: what it reported.
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
        try:
            (folder / "steps").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot write to {folder}: {error.strerror}. "
                             "Choose another folder with --out.") from error

    def make(self, part: Part, inputs: Mapping[str, Any], ctx: Context) -> Table | Student:
        """The result of a part: found if it was made before, else made and kept."""
        key = key_of(part, inputs, ctx.seed)
        name = getattr(part, "__name__", type(part).__name__)
        folder = self.folder / "steps" / f"{_snake(name)}-{key[:16]}"
        manifest = folder / "manifest.json"
        if manifest.exists():
            step = replace(Step(**json.loads(manifest.read_text("utf-8"))), reused=True)
            result = _load(folder, gives(part), self.folder)
            logger.info("%s: found, made by an earlier run", name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            step, result = self._measure(part, name, key, inputs, replace(
                ctx, folder=folder, notes={}))
            _keep(folder, result, self.folder)
            write_json(manifest, asdict(step))
        self.steps.append(step)
        return result

    @staticmethod
    def _measure(
        part: Part, name: str, key: str, inputs: Mapping[str, Any], ctx: Context
    ) -> tuple[Step, Table | Student]:
        wall, cpu = time.perf_counter(), time.process_time()
        result: Table | Student = call(part, inputs, ctx)
        step = Step(
            key=key, name=name, part=repr(part),
            rows_in={type(v).__name__: len(v) for v in inputs.values() if isinstance(v, Table)},
            rows_out=len(result) if isinstance(result, Table) else None,
            seconds=round(time.perf_counter() - wall, 3),
            cpu_seconds=round(time.process_time() - cpu, 3),
            peak_bytes=psutil.Process().memory_info().rss,
            notes=ctx.notes,
        )
        logger.info("%s: %s -> %s in %.1f s", name, step.rows_in, step.rows_out, step.seconds)
        return step, result


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: it is whole or not there."""
    part = path.with_name(path.name + f".{os.getpid()}.part")
    part.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False), "utf-8")
    part.replace(path)


def _keep(folder: Path, result: Table | Student, root: Path) -> None:
    if isinstance(result, Table):
        result.write(folder / "table.arrow")
    else:
        write_json(folder / "student.json", _moved(to_json(result), str(root.resolve()), RUN))


def _load(folder: Path, kind: type, root: Path) -> Table | Student:
    if issubclass(kind, Table):
        table: Table = kind.open(folder / "table.arrow")
        return table
    saved = json.loads((folder / "student.json").read_text("utf-8"))
    student: Student = from_json(_moved(saved, RUN, str(root.resolve())))
    return student


def _moved(saved: Any, old: str, new: str) -> Any:
    """Paths below the run folder are kept relative to it, so that a run can be moved."""
    if isinstance(saved, dict):
        return {k: _moved(v, old, new) for k, v in saved.items()}
    if isinstance(saved, list):
        return [_moved(v, old, new) for v in saved]
    inside = isinstance(saved, str) and (saved == old or saved.startswith(old + os.sep))
    return new + saved[len(old):] if inside else saved


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
