"""Answering: a reader that says the words of a document that answer a question."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.readers.extractive import Extractive
from acclimate.models.ref import Integers, Written

if TYPE_CHECKING:
    from acclimate.models.readers.spans import SpanReader


@dataclass(frozen=True)
class Answering:
    """Answers in the words of a document: a writer, whose prompts `asked` makes.

    Each answer is one span; its log-probability is that the document answers at all: of the best
    span against the first token, which stands for no answer.

    Args:
        reader: trained on questions without an answer too; its `head` does not matter.
    """

    reader: Extractive = field(default_factory=lambda: Extractive("acclimate-offline/reader"))

    def fingerprint(self) -> str:
        """Hash of the reader's."""
        return hashlib.sha256(f"answering {self._answerable.fingerprint()}".encode()).hexdigest()

    def open(self, device: str) -> OpenedAnswering:
        """Load the reader.

        Raises:
            ModelError: when it is none, or was never told that there may be no answer.
        """
        opened = self._answerable.open(device)
        if opened.head != "answerable":
            raise ModelError(
                f"{self.reader.model} was never told that there may be no answer. Use a model for "
                "question answering that was, such as acclimate-offline/reader."
            )
        return OpenedAnswering(opened)

    @property
    def _answerable(self) -> Extractive:
        return replace(self.reader, head="auto")


@dataclass(frozen=True, eq=False)
class OpenedAnswering:
    """What the engine calls to have questions answered; one call is one batch.

    Args:
        reader: the opened reader.
    """

    reader: SpanReader

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of each question and document together, (N,)."""
        return self.reader.count_tokens(*_parted(prompts))

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """The best span of each; a reader draws nothing, so that all `count` are the same."""
        del seed
        return [
            [Written(answer, -float(np.logaddexp(0, -above)))] * count
            for answer, above in self.reader.answers(*_parted(prompts))
        ]


def asked(question: str, document: str) -> str:
    """The prompt of a question about a document."""
    return f"{' '.join(question.split())}\n{document}"


def _parted(prompts: Sequence[str]) -> tuple[list[str], list[str]]:
    pairs = [prompt.partition("\n") for prompt in prompts]
    return [question for question, _, _ in pairs], [document for _, _, document in pairs]
