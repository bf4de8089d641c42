"""haystack_v1_env: Haystack v1's own virtual environment, with the only versions that make it work.

`farm-haystack` 1.26.4 asks for transformers 4.46 or later and fails with what that brings: its
EmbeddingRetriever imports a class that is gone after 4.46. Its newest sentence-transformers, 3.0,
cannot train with 4.46; 2.7, the last one with a loop of its own, can.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

PINS = (
    ("torch==2.13.0",),  # first: the processor build, before anything asks for another one
    (
        "farm-haystack[inference]==1.26.4.post0",
        "transformers==4.46.3",
        "sentence-transformers==2.7.0",
    ),
)
SHOWN = ("farm-haystack", "sentence-transformers", "transformers", "torch", "numpy")


def build(cache: Path) -> tuple[str, dict[str, str]]:
    """The interpreter of v1's environment and the versions in it; made once (about 1.5 GB)."""
    folder = cache / "peer-farm-haystack-1.26.4"
    python = folder / "bin" / "python"
    done = folder / "installed.json"
    if not done.exists():
        print(f"Building Haystack v1's environment once, in {folder} (minutes)", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
        for group in PINS:
            command = [str(python), "-m", "pip", "install", "--quiet", "--quiet", *group]
            subprocess.run(command, check=True)
        asked = (
            "import importlib.metadata as m, json; "
            f"print(json.dumps({{n: m.version(n) for n in {SHOWN!r}}}))"
        )
        found = subprocess.run(
            [str(python), "-c", asked], check=True, capture_output=True, text=True
        ).stdout
        done.write_text(found, "utf-8")
    return str(python), dict(json.loads(done.read_text("utf-8")))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit("usage: haystack_v1_env.py CACHE_FOLDER   builds v1's environment")
    print(json.dumps(build(Path(sys.argv[1]))[1], indent=1))
