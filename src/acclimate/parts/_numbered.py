"""Numbered documents in a question, and the numbers that come back."""

from __future__ import annotations

from collections.abc import Sequence

from acclimate.models.prompts import fence
from acclimate.parts._asking import Question, Said


def numbered(documents: Sequence[str], **data: str) -> Question:
    """A question about documents with numbers from 1, and about other material."""
    shown = "\n\n".join(
        f"Number {n}:\n{fence('document', text)}" for n, text in enumerate(documents, 1)
    )
    return Question(data=data, words={"documents": shown, "count": str(len(documents))})


def chosen(said: Said, name: str, count: int) -> list[int]:
    """Places of the documents that a property of an answer names, from 0, each once.

    Example:
        >>> chosen(Said('{"order": [3, 1, 3, 9]}', None), "order", 3)
        [2, 0]
    """
    numbers = said.values.get(name, [])
    return [number - 1 for number in dict.fromkeys(numbers) if 1 <= number <= count]
