"""Local: the engine of this process."""

from dataclasses import dataclass


@dataclass
class Local:
    """PLACEHOLDER (owner of engines/ replaces it)."""

    device: str = "cpu"
