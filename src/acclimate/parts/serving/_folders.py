"""Folders: whole or not there, named by what is in them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acclimate.errors import RecipeError, StoreError
from acclimate.parts.part import Context

LETTERS = 12
"""Of a hash, in a folder's name."""


@dataclass(frozen=True)
class Laid:
    """A folder that is being filled.

    Args:
        part: where to write.
        path: where it will be.
    """

    part: Path
    path: Path


@contextmanager
def laid(ctx: Context, name: str, digest: str) -> Iterator[Laid]:
    """A folder below that of the context, `<name>-<digest>`, which is there once it is whole.

    Raises:
        StoreError: when it cannot be written.
    """
    if ctx.folder is None:
        raise StoreError(f"{name} is written into a folder. Give Context(folder=…).")
    part = ctx.folder / f"{name}.{os.getpid()}.part"
    path = ctx.folder / f"{name}-{digest[:LETTERS]}"
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        yield Laid(part, path)
        shutil.rmtree(path, ignore_errors=True)
        part.replace(path)
    except OSError as error:
        raise StoreError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


@dataclass(frozen=True, kw_only=True)
class Named:
    """What is written into a folder of its name.

    Args:
        name: letters, digits, "-", "_" and ".".
    """

    name: str

    def __post_init__(self) -> None:
        """Refuse names that would lead elsewhere."""
        check_name(self.name)


def check_name(name: str) -> None:
    """Refuse names that would lead elsewhere.

    Raises:
        RecipeError: when it is no plain name.
    """
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise RecipeError(
            f"{name!r} is not a name for a folder. Use letters, digits, '-', '_' and '.'."
        )
