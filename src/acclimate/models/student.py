"""Student: the model that learns, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast, runtime_checkable

from acclimate.models.ref import Kind


class Model(Protocol):
    """A model that a student can be, as a value: of one of sentence-transformers' four families.

    `encoders.Dense`, `encoders.Sparse`, `encoders.MultiVector`, `scorers.CrossEncoder`.
    """

    @property
    def model(self) -> str:
        """Hub name or folder."""
        ...

    @property
    def trust_remote_code(self) -> bool:
        """Whether Python code that comes with it may run."""
        ...

    def folder(self) -> Path:
        """Where its files are."""
        ...

    def fingerprint(self) -> str:
        """Hash of the weights and of every setting that changes what comes out; never a name."""
        ...

    def load(self, device: str = "cpu") -> Any:
        """The model of sentence-transformers, in float32: for training and for saving."""
        ...

    def open(self, device: str) -> Any:
        """What the engine calls: an `Encoder` or a `Scorer`."""
        ...


ModelT = TypeVar("ModelT", bound=Model)


def placed(model: ModelT, folder: Path) -> ModelT:
    """The same model with its files in another folder."""
    return cast(ModelT, replace(cast(Any, model), model=str(folder), revision=None))


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
        """Turn an opened model of sentence-transformers into the one that trains.

        It may be of another family: a dense encoder becomes a sparse one, or a reranker. Given
        what it made before, it makes nothing anew.
        """
        ...


@runtime_checkable
class Presses(Protocol):
    """A shape that presses on what a text becomes, beside the loss of the scores."""

    @property
    def presses(self) -> bool:
        """Whether it does; an update is then carried back as a whole."""
        ...

    def pressure(self, made: Any, kind: Kind, step: int) -> Any:
        """What is added to the loss of an update.

        Args:
            made: tensors of all queries, or of all documents, of the update: the texts first.
            kind: which of the two.
            step: the update, from 0.
        """
        ...


@runtime_checkable
class Settles(Protocol):
    """A shape whose model is saved otherwise than it trains: what it added is taken up again."""

    def settled(self, model: Any) -> Any:
        """A trained model as an ordinary one of its family."""
        ...


@runtime_checkable
class Nests(Protocol):
    """A shape that asks the loss of parts of the vectors as well."""

    def cuts(self, queries: Any, documents: Any, *, unit: bool) -> Iterable[tuple[float, Any, Any]]:
        """Tensors of queries and of documents that are compared, each pair with its weight.

        Args:
            queries: their whole vectors.
            documents: likewise.
            unit: whether these have length one.
        """
        ...


@runtime_checkable
class Drops(Protocol):
    """A shape that may ask for dropout: two readings of a text are then not the same."""

    @property
    def dropout(self) -> bool:
        """Whether training reads texts under the model's own dropout."""
        ...


def drops(shape: Shape | None) -> bool:
    """Whether a shape asks for dropout."""
    return isinstance(shape, Drops) and shape.dropout


@dataclass(frozen=True, kw_only=True)
class Student:
    """The model as it is now, where it started, and how it learns.

    Args:
        encoder: the current weights. For a reranker, a cross-encoder stands here.
        base: the weights it started from: what the gate compares with. Default: `encoder`.
        shape: how it learns; one of `parts.students`. Default: all weights move.
        stem: what its shape was put behind or beside, where that had learned before in the same
            run. Default: what it started from.
        beside: the model that learned with it, such as the ranker that taught it; a later round
            may go on from there. Default: none did.
    """

    encoder: Model
    base: Model | None = None
    shape: Shape | None = None
    stem: Model | None = None
    beside: Model | None = None

    @property
    def start(self) -> Model:
        """The weights it started from."""
        return self.base or self.encoder

    @property
    def stands_on(self) -> Model:
        """The model whose vectors its shape takes as they are."""
        return self.stem or self.start

    def trained(self, encoder: Model) -> Student:
        """The same student with new weights."""
        return replace(self, encoder=encoder, base=self.start)

    def shaped_anew(self, shape: Shape) -> Student:
        """The student with a shape that stands on vectors: those of its encoder as it is now."""
        if self.shape == shape:
            return self
        stem = None if self.encoder == self.start else self.encoder
        return replace(self, shape=shape, stem=stem)

    def fingerprint(self) -> str:
        """Hash of its weights, its start, its shape, what that stands on and what is beside it."""
        models = [self.encoder, self.start, self.stands_on]
        models += [self.beside] if self.beside is not None else []
        return "-".join([*(m.fingerprint() for m in models), repr(self.shape)])
