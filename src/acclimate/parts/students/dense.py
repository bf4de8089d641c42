"""Dense: all weights learn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.models.student import Student


@dataclass(frozen=True, kw_only=True)
class Dense:
    """One encoder for queries and documents, all of whose weights learn.

    After training the documents must be encoded anew. This is what a student does without any
    part of `students`; use it to go back from another one.

    Origin: the bi-encoder of Reimers, Gurevych, Sentence-BERT, EMNLP 2019.
            https://arxiv.org/abs/1908.10084
    Code:    sentence-transformers.
    Differs: nothing known.
    Cost:    a step encodes queries and documents, forward and back.

    Returns:
        The student, which learns this way from now on.
    """

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model as it is, with every weight free to move."""
        return model.requires_grad_()

    def __call__(self, student: Student) -> Student:
        """Let all weights learn."""
        return replace(student, shape=self)
