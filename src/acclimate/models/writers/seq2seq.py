"""Seq2Seq: an encoder-decoder that writes queries about a document, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from acclimate.errors import ModelError
from acclimate.models.loading import loading
from acclimate.models.weights import find, hashed

if TYPE_CHECKING:
    from acclimate.models.writers.opened import SampledWriter


@dataclass(frozen=True)
class Seq2Seq:
    """Doc2query-style T5, BART, any encoder-decoder of transformers, or our own, sampled.

    Args:
        model: hub name or folder.
        top_k: only this many most likely tokens are drawn from; 0: all. GPL: 25.
        top_p: only the likeliest tokens of this total probability are drawn from. GPL: 0.95.
        temperature: logits are divided by it before drawing; 0: the likeliest token, no drawing.
        max_new_tokens: length of a text at most. GPL: 64.
        max_length: tokens a prompt is cut to. GPL: 350.
        prefix: put before each prompt ("generate question: " for some models).
        revision: branch, tag or commit on the hub.
    """

    model: str = "BeIR/query-gen-msmarco-t5-base-v1"
    top_k: int = 25
    top_p: float = 0.95
    temperature: float = 1.0
    max_new_tokens: int = 64
    max_length: int = 350
    prefix: str = ""
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse settings that draw nothing."""
        if self.top_k < 0 or not 0 < self.top_p <= 1 or self.temperature < 0:
            raise ModelError(
                f"{self!r}: top_k must be at least 0, top_p above 0 and at most 1, "
                "temperature at least 0."
            )
        if self.max_new_tokens < 1 or self.max_length < 1:
            raise ModelError(f"{self!r}: max_new_tokens and max_length must be at least 1.")

    def folder(self) -> Path:
        """Where its files are; downloads them when it is a hub name.

        Raises:
            ModelError: when it cannot be found; the message says what to do.
        """
        return find(self.model, revision=self.revision)

    def fingerprint(self) -> str:
        """Hash of the weights, configuration, tokenizer and settings; never the name."""
        return hashed(
            "seq2seq",
            self.folder(),
            top_k=self.top_k,
            top_p=self.top_p,
            temperature=self.temperature,
            max_new_tokens=self.max_new_tokens,
            max_length=self.max_length,
            prefix=self.prefix,
        )

    def open(self, device: str) -> SampledWriter:
        """Load the weights for writing.

        Raises:
            ModelError: when its files are not those of an encoder-decoder.
        """
        from transformers import AutoTokenizer

        from acclimate.models.writers.copying import opening
        from acclimate.models.writers.opened import SampledWriter

        folder = self.folder()
        with loading(self.model, "an encoder-decoder"):
            tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            model = opening(folder)
        return SampledWriter(model.to(device).eval(), tokenizer, self)


OWN = Seq2Seq("acclimate-offline/writer", prefix="question: ", max_new_tokens=40, max_length=160)
"""The writer of acclimate-offline, as it learned to write."""


def named(model: str) -> Seq2Seq:
    """The writer that a user names; ours is asked for questions, as it was taught.

    Example:
        >>> named("acclimate-offline/writer").prefix, named("owner/doc2query").prefix
        ('question: ', '')
    """
    return OWN if model == OWN.model else Seq2Seq(model)
