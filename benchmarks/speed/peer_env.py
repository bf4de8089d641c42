"""peer_env: the peer's own virtual environment, with the only versions that make it work.

`gpl==0.1.4` cannot be imported beside current libraries: it needs `AdamW` from transformers
(gone in 4.50), hence an old hub client, hence an old `datasets`; it needs nltk and Pillow without
asking for them. Evaluation and checkpoints work with sentence-transformers 2.7.0 only.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import other_environment

PINS = (
    "gpl==0.1.4",
    "sentence-transformers==2.7.0",
    "transformers==4.49.0",
    "huggingface-hub<1",
    "datasets<4",
    "nltk",
    "Pillow",
)
SHOWN = ("gpl", "beir", "sentence-transformers", "transformers", "torch", "numpy")


def build(cache: Path) -> tuple[str, dict[str, str]]:
    """The peer's Python and the versions installed there; made once (1.2 GB)."""
    return other_environment.made(cache / "peer-gpl-0.1.4", PINS, SHOWN, imports=("gpl", "beir"))


if __name__ == "__main__":
    other_environment.main(build)
