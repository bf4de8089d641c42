"""Student: the model that learns, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense


class Shape(Protocol):
    """How a student learns: which weights move and what it looks like when it is saved."""

    @property
    def documents_frozen(self) -> bool:
        """Whether document vectors never change, so that an index built before stays valid."""
        ...

    @property
    def training_tokens(self) -> int | None:
        """Tokens of a text that training reads; None: as many as the model does."""
        ...

    def head(self, model: Any) -> Any:
        """Of a prepared model, the modules behind the sentence vector, where only they learn.

        None where the encoder itself learns. With a head every text is encoded once, before
        training, by `Student.start`.
        """
        ...

    def prepare(self, model: Any) -> Any:
        """Turn an opened sentence-transformers model into the one that trains."""
        ...


@dataclass(frozen=True, kw_only=True)
class Student:
    """The encoder as it is now, where it started, and how it learns.

    Args:
        encoder: the current weights.
        base: the weights it started from: what the gate compares with. Default: `encoder`.
        shape: how it learns; one of `parts.students`. Default: all weights move.
    """

    encoder: Dense
    base: Dense | None = None
    shape: Shape | None = None

    @property
    def start(self) -> Dense:
        """The weights it started from."""
        return self.base or self.encoder

    def trained(self, encoder: Dense) -> Student:
        """The same student with new weights."""
        return replace(self, encoder=encoder, base=self.start)

    def shaped_anew(self, shape: Shape) -> Student:
        """The student with a shape that stands on the vectors of its start.

        Raises:
            RecipeError: when its weights have moved already, so that those vectors are not its own.
        """
        if self.encoder != self.start:
            raise RecipeError(
                f"{shape!r} stands on the vectors of {self.start!r}, and {self.encoder!r} has "
                "learned since. Give the trained model as the student of a run of its own."
            )
        return replace(self, shape=shape)

    def fingerprint(self) -> str:
        """Hash of its weights, its start and its shape."""
        return f"{self.encoder.fingerprint()}-{self.start.fingerprint()}-{self.shape!r}"
