"""Dense: a sentence-transformers model as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from acclimate.errors import ModelError
from acclimate.models.loading import loaded, prompted
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.encoders.opened import SentenceEncoder


@dataclass(frozen=True)
class Dense:
    """Any sentence-transformers model, by hub name or local folder.

    A model with query and document routes (as the query-side student is saved) is encoded through
    them. `all-MiniLM-L6-v2` comes with the `offline` extra.

    Args:
        model: hub name or folder.
        max_length: tokens a text is cut to; None: as the model says.
        query_prompt: put before each query; None: as the model says.
        document_prompt: put before each document; None: as the model says.
        similarity: how vectors are compared; None: as the model says, which is cosine where it
            says nothing. With "cosine" its vectors are brought to length one.
        trust_remote_code: run Python code that comes with the model. Only where you trust it.
        revision: branch, tag or commit on the hub.
    """

    model: str = "all-MiniLM-L6-v2"
    max_length: int | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    similarity: Literal["cosine", "dot"] | None = None
    trust_remote_code: bool = False
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse a length that no text fits."""
        if self.max_length is not None and self.max_length < 1:
            raise ModelError(f"Dense(max_length={self.max_length}): must be at least 1 token.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed(
            "dense",
            self.folder(),
            max_length=self.max_length,
            query_prompt=self.query_prompt,
            document_prompt=self.document_prompt,
            similarity=self.similarity,
        )

    def load(self, device: str = "cpu") -> Any:
        """The sentence-transformers model itself, in float32, with these settings: for training.

        Raises:
            ModelError: when its files are not those of a sentence-transformers model.
        """
        from sentence_transformers import SentenceTransformer

        model = loaded(self, SentenceTransformer, "a sentence-transformers model", device)
        prompted(model, self)
        if self.similarity is not None:
            model.similarity_fn_name = self.similarity
        return model

    def open(self, device: str) -> SentenceEncoder:
        """Load the weights for encoding."""
        from acclimate.models.encoders.opened import SentenceEncoder
        from acclimate.models.packed import pack

        model = self.load(device)
        pack(model)
        return SentenceEncoder(model)
