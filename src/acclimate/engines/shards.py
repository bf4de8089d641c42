"""Shards: pieces of results on disk, each whole or not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import StoreError

Array = np.ndarray[Any, Any]

SPARE_BYTES = 256 * 2**20
"""Disk space that is never filled."""


class Shards:
    """The shards of one piece of work: folders of NumPy arrays, named by number.

    Args:
        folder: where they lie; made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, number: int, name: str) -> bool:
        """Whether this array of this shard was made."""
        return (self._path(number) / f"{name}.npy").exists()

    def read(self, number: int, name: str) -> Array:
        """An array of a shard, memory-mapped.

        Raises:
            StoreError: when the file was damaged from outside.
        """
        path = self._path(number) / f"{name}.npy"
        try:
            array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{path} cannot be read ({error}). Delete {self.folder}; it is made again."
            ) from error
        return array

    def names(self, number: int) -> list[str]:
        """The arrays of a shard."""
        return sorted(path.stem for path in self._path(number).glob("*.npy"))

    def write(self, number: int, arrays: Mapping[str, Array]) -> None:
        """Keep a shard; all its arrays appear at once.

        Raises:
            StoreError: when the disk is full or cannot be written.
        """
        path = self._path(number)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _room(self.folder, sum(array.nbytes for array in arrays.values()))
            part.mkdir(exist_ok=True)
            for name, array in arrays.items():
                np.save(part / f"{name}.npy", array, allow_pickle=False)
            _replace(part, path)
        except OSError as error:
            shutil.rmtree(part, ignore_errors=True)
            raise StoreError(
                f"Cannot write {path}: {error.strerror or error}. Free some space, "
                "or choose another folder."
            ) from error

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:05d}"


def _room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE_BYTES:
        raise OSError(0, f"{wanted / 1e6:.0f} MB are wanted and {free / 1e6:.0f} MB are free")


def _replace(part: Path, path: Path) -> None:
    if not path.exists():
        part.replace(path)
        return
    # Another pass made fewer arrays of this shard: those it made stay as they are.
    for file in sorted(part.iterdir()):
        target = path / file.name
        if target.exists():
            file.unlink()
        else:
            file.replace(target)
    part.rmdir()
