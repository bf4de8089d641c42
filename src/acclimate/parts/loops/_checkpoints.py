"""Checkpoints: what a training goes on from, whole or not there."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARKER = "complete.json"
"""The last file of a checkpoint: without it, it was cut off while it was written."""


@dataclass
class Checkpoints:
    """The checkpoints of one training; those of another, or cut off, are removed.

    Args:
        folder: where they lie.
        key: what the training depends on.
    """

    folder: Path
    key: str
    losses: list[float] = field(default_factory=list)

    def newest(self) -> Path | None:
        """The last whole checkpoint; what was learned of the losses until then is read."""
        best: Path | None = None
        for path in sorted(self.folder.glob("checkpoint-*"), key=_number, reverse=True):
            told = _told(path)
            if best is None and told is not None and told["key"] == self.key:
                best, self.losses = path, list(told["losses"])
            else:
                _remove(path)
        return best

    def seal(self, step: int) -> None:
        """Say that the checkpoint of a step is whole, and remove the ones before."""
        path = self.folder / f"checkpoint-{step}"
        text = json.dumps({"key": self.key, "losses": self.losses})
        part = path / f"{MARKER}.part"
        part.write_text(text, "utf-8")
        part.replace(path / MARKER)
        for other in self.folder.glob("checkpoint-*"):
            if other != path:
                _remove(other)

    def clear(self) -> None:
        """Remove them all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _number(path: Path) -> int:
    tail = path.name.rpartition("-")[2]
    return int(tail) if tail.isdigit() else -1


def _told(path: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((path / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told


def _remove(path: Path) -> None:
    """Remove a checkpoint; the marker first, so that half of it is never taken for whole."""
    (path / MARKER).unlink(missing_ok=True)
    shutil.rmtree(path)
