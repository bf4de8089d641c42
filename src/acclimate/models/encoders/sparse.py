"""Sparse: a sentence-transformers SparseEncoder as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acclimate.models.loading import loaded, prompted
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.encoders.terms import TermEncoder


@dataclass(frozen=True)
class Sparse:
    """Any sparse encoder (SPLADE), by hub name or local folder: a text is weights of words.

    A bare masked language model is one too, untrained. It is searched with `indexes.Inverted`.

    Args:
        model: hub name or folder.
        max_length: tokens a text is cut to; None: as the model says.
        query_prompt: put before each query; None: as the model says.
        document_prompt: put before each document; None: as the model says.
        trust_remote_code: run Python code that comes with the model. Only where you trust it.
        revision: branch, tag or commit on the hub.
    """

    model: str
    max_length: int | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    trust_remote_code: bool = False
    revision: str | None = None

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name."""
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        prompts = {"query_prompt": self.query_prompt, "document_prompt": self.document_prompt}
        return hashed("sparse", self.folder(), max_length=self.max_length, **prompts)

    def load(self, device: str = "cpu") -> Any:
        """The sentence-transformers model itself, in float32, with these settings: for training.

        Raises:
            ModelError: when its files are not those of a sparse encoder.
        """
        from acclimate.models.encoders.decoder import opening

        return prompted(loaded(self, opening, "a sparse encoder", device), self)

    def open(self, device: str) -> TermEncoder:
        """Load the weights for encoding."""
        from acclimate.models.encoders.terms import TermEncoder

        return TermEncoder(self.load(device))
