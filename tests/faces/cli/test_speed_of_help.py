"""`acclimate --help` loads nothing that is slow; what it takes is measured in benchmarks."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "torch", "transformers", "sentence_transformers", "matplotlib", "datasets", "scipy", "faiss",
    "bm25s", "ir_measures", "jinja2", "sklearn", "pandas",
)  # fmt: skip


def test_help_imports_no_slow_library() -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['acclimate', '--help']\n"
        "try:\n"
        "    runpy.run_module('acclimate', run_name='__main__')\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"loaded = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "sys.exit(', '.join(loaded) or None)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    assert "adapt" in done.stdout
