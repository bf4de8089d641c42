"""other_environment: one of its own for a program that runs beside old versions only."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

TORCH = ("torch==2.13.0",)
"""Installed first: the processor build, before anything asks for another one."""


def made(
    folder: Path, pins: Sequence[str], shown: Sequence[str], imports: Sequence[str] = ()
) -> tuple[str, dict[str, str]]:
    """The environment's Python, and the versions installed there; made once.

    Args:
        folder: where it is kept.
        pins: what is installed, torch aside.
        shown: packages whose versions are told.
        imports: modules that must be importable there, or it counts as not made.
    """
    python = folder / "bin" / "python"
    done = folder / "installed.json"
    if not done.exists():
        print(f"Building an environment once, in {folder} (a few minutes)", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
        for group in (TORCH, pins):
            command = [str(python), "-m", "pip", "install", "--quiet", "--quiet", *group]
            subprocess.run(command, check=True)
        for module in imports:
            subprocess.run([str(python), "-c", f"import {module}"], check=True)
        asked = (
            "import importlib.metadata as m, json; "
            f"print(json.dumps({{n: m.version(n) for n in {tuple(shown)!r}}}))"
        )
        found = subprocess.run(
            [str(python), "-c", asked], check=True, capture_output=True, text=True
        ).stdout
        done.write_text(found, "utf-8")
    return str(python), dict(json.loads(done.read_text("utf-8")))


def main(build: Callable[[Path], tuple[str, dict[str, str]]]) -> None:
    """Build it for whoever calls a file of this sort with a cache folder."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit(f"usage: {Path(sys.argv[0]).name} CACHE_FOLDER   builds the environment")
    print(json.dumps(build(Path(sys.argv[1]))[1], indent=1))
