"""Dense: all weights learn, or those of the upper layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.models.student import Student
from acclimate.parts.students._layers import check, freed


@dataclass(frozen=True, kw_only=True)
class Dense:
    """One encoder for queries and documents, all of whose weights learn.

    After training the documents must be encoded anew. This is what a student does without any
    part of `students`; use it to go back from another one. With the lower layers frozen, what
    words mean stays and how a text is summed up is learned, and a step goes back through the
    upper layers only. Training may read the beginning of each text alone: it costs less and is
    mostly enough to learn how to compare; the model itself goes on reading whole texts.

    Origin: the bi-encoder of Reimers, Gurevych, Sentence-BERT, EMNLP 2019.
            https://arxiv.org/abs/1908.10084
    Code:    sentence-transformers.
    Differs: nothing known.
    Cost:    a step encodes queries and documents, forward and back.

    Args:
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a text, read in training. None: as many as the model reads.
        dropout: whether `loops.Fit` trains under the model's own dropout, at about twice the
            time. Where a text is paired with itself (`generators.DropoutPairs`), that is all that
            tells the two apart. A model that was made without dropout has none here either.

    Returns:
        The student, which learns this way from now on.
    """

    frozen: float = 0.0
    training_tokens: int | None = None
    dropout: bool = False

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is read."""
        check(self)

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model as it is, with every weight free to move but those of the frozen layers."""
        return freed(model, self.frozen)

    def __call__(self, student: Student) -> Student:
        """Let all weights learn."""
        return replace(student, shape=self)
