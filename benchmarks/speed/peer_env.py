"""peer_env: the peer's own virtual environment, with the only versions that make it work.

`gpl==0.1.4` cannot be imported beside current libraries: it needs `AdamW` from transformers
(gone in 4.50), hence an old hub client, hence an old `datasets`; it needs nltk and Pillow without
asking for them. Evaluation and checkpoints work with sentence-transformers 2.7.0 only.
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
        "gpl==0.1.4",
        "sentence-transformers==2.7.0",
        "transformers==4.49.0",
        "huggingface-hub<1",
        "datasets<4",
        "nltk",
        "Pillow",
    ),
)
SHOWN = ("gpl", "beir", "sentence-transformers", "transformers", "torch", "numpy")


def build(cache: Path) -> tuple[str, dict[str, str]]:
    """The peer's Python and the versions installed there; made once in the cache folder.

    Args:
        cache: where the environment is kept (about 1.2 GB).

    Returns:
        The interpreter's path and the versions of the packages that matter.
    """
    folder = cache / "peer-gpl-0.1.4"
    python = folder / "bin" / "python"
    done = folder / "installed.json"
    if not done.exists():
        print(f"Building the peer's environment once, in {folder} (a few minutes)", flush=True)
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
        for group in PINS:
            subprocess.run(
                [str(python), "-m", "pip", "install", "--quiet", "--quiet", *group], check=True
            )
        subprocess.run([str(python), "-c", "import gpl, beir"], check=True)
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
        raise SystemExit("usage: peer_env.py CACHE_FOLDER   builds the peer's environment")
    print(json.dumps(build(Path(sys.argv[1]))[1], indent=1))
