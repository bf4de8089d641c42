"""MultiVector: a sentence-transformers MultiVectorEncoder as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acclimate.errors import ModelError
from acclimate.models.loading import loaded, prompted
from acclimate.models.weights import family_of, find, hashed

if TYPE_CHECKING:
    from acclimate.models.encoders.tokens import TokenEncoder


@dataclass(frozen=True)
class MultiVector:
    """Any late-interaction model (ColBERT), by hub name or local folder: a vector per token.

    It is searched with `indexes.LateInteraction`.

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
        told = (self.query_prompt, self.document_prompt)
        return hashed("multi-vector", self.folder(), max_length=self.max_length, prompts=told)

    def load(self, device: str = "cpu") -> Any:
        """The sentence-transformers model itself, in float32, with these settings: for training.

        Raises:
            ModelError: when its files are not those of a late-interaction model. Another model
                would silently get a projection of chance, another one each time.
        """
        from sentence_transformers import MultiVectorEncoder

        family = family_of(self.folder())
        if family != "MultiVectorEncoder":
            raise ModelError(
                f"{self.model} is a {family}, not a MultiVectorEncoder. Train one from it with "
                "students.LateInteraction."
            )
        return prompted(loaded(self, MultiVectorEncoder, "a late-interaction model", device), self)

    def open(self, device: str) -> TokenEncoder:
        """Load the weights for encoding."""
        from acclimate.models.encoders.tokens import TokenEncoder
        from acclimate.models.packed import pack

        model = self.load(device)
        pack(model)
        return TokenEncoder(model)
