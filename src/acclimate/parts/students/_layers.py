"""Layers: what several students share: how much of a model learns, and how much it reads."""

from __future__ import annotations

from typing import Any, Protocol

from acclimate.errors import ModelError, RecipeError
from acclimate.models.layers import below, layers_of

FEWEST_TOKENS = 8
"""Below this a text is little more than its special tokens."""


class Reading(Protocol):
    """A student that trains a part of its layers on the beginning of each text."""

    @property
    def frozen(self) -> float: ...

    @property
    def training_tokens(self) -> int | None: ...


def check(student: Reading) -> None:
    """Refuse settings under which nothing learns, or nothing is read.

    Raises:
        RecipeError: when there are such settings.
    """
    name = type(student).__name__
    if not 0 <= student.frozen < 1:
        raise RecipeError(f"{name}(frozen={student.frozen}): give a share from 0 to below 1.")
    if student.training_tokens is not None and student.training_tokens < FEWEST_TOKENS:
        raise RecipeError(
            f"{name}(training_tokens={student.training_tokens}): give {FEWEST_TOKENS} or more."
        )


def freed(model: Any, frozen: float) -> Any:
    """The model with every weight free to move but those of the lower layers.

    Args:
        model: of sentence-transformers.
        frozen: share of the layers, counted from below and rounded down; with one or more of
            them, embeddings stay too.
    """
    model.requires_grad_()
    for weights in below(model, int(frozen * len(layers_of(model)))):
        weights.requires_grad_(requires_grad=False)
    return model


def body_of(model: Any, role: str) -> Any:
    """The transformer of a dense encoder, from which a student of another family is built.

    Raises:
        ModelError: when it has none that reads a text as it comes.
    """
    from sentence_transformers.base.modules import Transformer

    body = model[0]
    if model.model_type != "SentenceTransformer" or not isinstance(body, Transformer):
        raise ModelError(
            f"{role} cannot be built from a {model.model_type} that begins with "
            f"{type(body).__name__}. Give a plain dense encoder, or a model of its own family."
        )
    return body
