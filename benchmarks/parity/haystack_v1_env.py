"""haystack_v1_env: Haystack v1's own virtual environment, with the only versions that make it work.

`farm-haystack` 1.26.4 asks for transformers 4.46 or later and fails with what that brings: its
EmbeddingRetriever imports a class that is gone after 4.46. Its newest sentence-transformers, 3.0,
cannot train with 4.46; 2.7, the last one with a loop of its own, can.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import other_environment

PINS = (
    "farm-haystack[inference]==1.26.4.post0",
    "transformers==4.46.3",
    "sentence-transformers==2.7.0",
)
SHOWN = ("farm-haystack", "sentence-transformers", "transformers", "torch", "numpy")


def build(cache: Path) -> tuple[str, dict[str, str]]:
    """The interpreter of v1's environment and the versions in it; made once (about 1.5 GB)."""
    return other_environment.made(cache / "peer-farm-haystack-1.26.4", PINS, SHOWN)


if __name__ == "__main__":
    other_environment.main(build)
