"""Dense: a sentence-transformers model as a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dense:
    """PLACEHOLDER contract (owner of models/ replaces it): fields may grow, `model` stays first."""

    model: str = "all-MiniLM-L6-v2"
    max_length: int | None = None

    def fingerprint(self) -> str:
        """Hash of weights and settings."""
        return self.model
