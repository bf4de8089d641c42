"""CrossEncoder: a model that reads a query and a document together, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acclimate.errors import ModelError
from acclimate.models.loading import loaded
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.scorers.opened import PairScorer


@dataclass(frozen=True)
class CrossEncoder:
    """Any cross-encoder of sentence-transformers or transformers with one output.

    Scores are raw logits, whatever activation the saved model would apply: margins of a sigmoid
    are never above one and carry almost nothing where the teacher is sure.

    Args:
        model: hub name or folder.
        max_length: tokens a pair is cut to; None: as the model says.
        trust_remote_code: run Python code that comes with the model. Only where you trust it.
        revision: branch, tag or commit on the hub.
    """

    model: str = "cross-encoder/ms-marco-MiniLM-L-6-v2"
    max_length: int | None = None
    trust_remote_code: bool = False
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse a length that no pair fits."""
        if self.max_length is not None and self.max_length < 1:
            raise ModelError(f"CrossEncoder(max_length={self.max_length}): must be at least 1.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed("cross-encoder", self.folder(), max_length=self.max_length)

    def load(self, device: str = "cpu") -> Any:
        """The sentence-transformers model itself, in float32.

        Raises:
            ModelError: when its files are not those of a cross-encoder, or when it has several
                outputs.
        """
        from acclimate.models.scorers.gated import opening

        model = loaded(self, opening, "a cross-encoder", device)
        if model.num_labels != 1:
            raise ModelError(
                f"{self.model} gives {model.num_labels} outputs per pair; a teacher gives one "
                "relevance score. Use a cross-encoder trained for ranking, such as "
                "cross-encoder/ms-marco-MiniLM-L-6-v2."
            )
        return model

    def open(self, device: str) -> PairScorer:
        """Load the weights for scoring."""
        from acclimate.models.packed import pack
        from acclimate.models.scorers.opened import PairScorer

        model = self.load(device)
        pack(model)
        return PairScorer(model)
