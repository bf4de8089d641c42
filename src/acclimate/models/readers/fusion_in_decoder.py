"""FusionInDecoder: a T5 that reads all documents of a query side by side, as a value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.ref import Floats
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.readers.attending import AttendingReader


@dataclass(frozen=True)
class FusionInDecoder:
    """How much the decoder of a T5 looks at each document while it begins to answer.

    Each document is encoded with the query, by itself; the decoder looks at all of them at once. A
    document's value is the mean, over layers, heads, decoded tokens and the document's tokens, of
    the attention before its softmax. Any encoder-decoder of the T5 family does: one trained on
    several documents (FiD), or one that follows instructions, as it is.

    It is a writer whose texts are numbers: a prompt is a query with its documents (`packed`), and
    what it writes is a value for each of them (`unpacked`). So lists are read, kept and found again
    after a crash as other texts are. A prompt that is no such list is read as one document.

    Paper:   Izacard, Grave, Distilling Knowledge from Reader to Retriever for Question Answering,
             ICLR 2021. https://arxiv.org/abs/2012.04584; Yu, Xiong, Yu, Liu, Augmentation-Adapted
             Retriever, ACL 2023. https://arxiv.org/abs/2305.17331 (a Flan-T5 as it is)
    Code:    FiD, src/model.py; OpenMatch/Augmentation-Adapted-Retriever, FiDAtt.
    Differs: a document's title stands before its text, without a word of its own between.

    Args:
        model: hub name or folder of a T5.
        max_length: tokens of a query and a document together. Paper: 200.
        with_query: whether the tokens of the query, which each document is read with, count as
            tokens of the document. FiD: yes; MAKER: no.
        revision: branch, tag or commit on the hub.
    """

    model: str = "google/flan-t5-base"
    max_length: int = 200
    with_query: bool = True
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse a length in which no document is left."""
        if self.max_length < 4:
            raise ModelError(f"FusionInDecoder(max_length={self.max_length}): must be at least 4.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed(
            "fusion in decoder",
            self.folder(),
            max_length=self.max_length,
            with_query=self.with_query,
        )

    def open(self, device: str) -> AttendingReader:
        """Load the weights for reading.

        Raises:
            ModelError: when its files are not those of a T5.
        """
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        from acclimate.models.readers.attending import CROSS, AttendingReader

        folder = str(self.folder())
        with loading(self.model, "an encoder-decoder"):
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = AutoModelForSeq2SeqLM.from_pretrained(
                folder, local_files_only=True, dtype="float32"
            )
        if not any(name.endswith(CROSS) for name, _ in model.named_modules()):
            raise ModelError(
                f"{self.model} is a {type(model).__name__}; attention is read of models of the T5 "
                "family, such as google/flan-t5-base."
            )
        return AttendingReader(model.to(device).eval(), tokenizer, self)


def packed(query: str, documents: Sequence[str], text: str = "") -> str:
    """A prompt: what is asked, what is read, and what the decoder is made to write.

    Args:
        query: what is asked.
        documents: are read side by side.
        text: the tokens in whose place attention is measured; "": the first decoded token.
    """
    return json.dumps({"query": query, "documents": list(documents), "text": text})


def unpacked(written: str, count: int) -> Floats | None:
    """The values of so many documents, (K,) float32; None where a text holds anything else."""
    try:
        values = json.loads(written)
    except ValueError:
        return None
    numbers = isinstance(values, list) and all(isinstance(v, int | float) for v in values)
    return np.asarray(values, dtype=np.float32) if numbers and len(values) == count else None
