"""Prefix: keys and values before each text learn, and no weight of the encoder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.students._layers import FEWEST_TOKENS, body_of


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """Deep prompt tuning: in every layer each text is read behind a few learned keys and values.

    The encoder stays as it is, bit for bit; what learns are length · 2 · layers · hidden numbers,
    below a hundredth of it. One encoder can serve many fields so, each with a prefix of a few
    hundred kilobytes. It wants a learning rate a hundred times that of weights.

    A prefix cannot be added to weights. The saved folder has the encoder's own files and a folder
    `prefix`, in the form of peft, whose `PeftModel` opens the two without us. As a model of
    sentence-transformers it takes `trust_remote_code=True` and acclimate installed; the trained
    student says so itself. It is not exported to other runtimes.

    Rows: [091].

    Paper:   DPTDR: Deep Prompt Tuning for Dense Passage Retrieval, 2022.
             https://arxiv.org/abs/2208.11503
    Code:    tangzhy/DPTDR.
    Differs: no reparametrisation by a small network; begins with small numbers, near the student;
             one prefix for queries and documents. Positions of a text begin behind the prefix, so
             that one that fills all positions is cut by as many tokens.
    Cost:    as a dense student, forward and back; gradients and optimiser of the prefix alone. A
             text costs attention to `length` more places.

    Args:
        length: places of the prefix. Paper: 128 for MS MARCO, 32 for Natural Questions.
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to learn.
        ModelError: when the student is no dense encoder, or its transformer takes no prefix.
    """

    length: int = 32
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse a prefix of nothing, and settings under which nothing is read."""
        if self.length < 1:
            raise RecipeError(f"Prefix(length={self.length}): give 1 or more.")
        if self.training_tokens is not None and self.training_tokens < FEWEST_TOKENS:
            raise RecipeError(
                f"Prefix(training_tokens={self.training_tokens}): give {FEWEST_TOKENS} or more."
            )

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the prefix."""
        return False

    def head(self, model: Any) -> None:
        """What learns stands before the encoder, not behind it."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with a prefix, which alone is free to move; one that is there goes on."""
        from acclimate.models.encoders.prefixed import Prefixed

        body = body_of(model, "A prefix")
        if not isinstance(body, Prefixed):
            body = Prefixed.of(body, self.length)
        elif len(body.prefix) != self.length:
            raise RecipeError(
                f"Prefix(length={self.length}): the student has a prefix of {len(body.prefix)} "
                "already, which goes on learning. Give its length."
            )
        model.requires_grad_(requires_grad=False)
        body.prefix.requires_grad = True
        return model

    def __call__(self, student: Student) -> Student:
        """Let a prefix learn."""
        return replace(student, shape=self)
