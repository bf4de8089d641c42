"""Lock: one writer for a run folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acclimate.errors import StoreError

NAME = "lock"
MARK = "run.json"
"""The file by which a folder is known as one of our runs."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a run folder; made when it is not there.

    The system gives the lock up when the process ends, however it ends, so a killed run leaves
    nothing to clean.

    Raises:
        StoreError: when it cannot be written, when something else is in it, or when another run
            is writing to it.
    """
    _refuse_strangers(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            f"Cannot write to {folder}: {error.strerror}. Choose another folder with --out."
        ) from error
    try:
        _hold(handle, folder)
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _hold(handle: int, folder: Path) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            raise StoreError(f"{folder} cannot be locked: {error.strerror}.") from error
        owner = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
        raise StoreError(
            f"Another run (process {owner}) is writing to {folder}. "
            "Wait for it, or choose another folder with --out."
        ) from error


def _refuse_strangers(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file. Choose a folder with --out.")
    there = sorted(p.name for p in folder.iterdir())
    if there and not {MARK, NAME, "steps"} & set(there):
        raise StoreError(
            f"{folder} holds something else than a run ({', '.join(there[:3])}). "
            "Choose a new or empty folder with --out."
        )
