"""Texts: learning from documents alone, with no query and no label.

A step is cut into pieces of a few thousand tokens, as in `Learner`, and dropout is off. Whatever is
drawn at random for a text hangs on its place in the order alone, so that a training that goes on
after it was killed draws the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.ref import Integers
from acclimate.models.student import Student
from acclimate.parts.loops._groups import Turns
from acclimate.parts.loops._lengths import Lengths
from acclimate.parts.loops._training import half_precision

PIECE_TOKENS = 2_048
"""Tokens that are carried back together: each has logits of all words."""


class TextLearner(torch.nn.Module, ABC):
    """A model that learns from texts.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        texts: how many things there are to draw, and each one's text.
        seed: decides the order, and what is drawn at random for each text.
    """

    def __init__(self, model: Any, texts: Sequence[str], seed: int) -> None:
        super().__init__()
        self.model = model
        self.body = body_of(model)
        self.texts = texts
        self.seed = seed
        self.turns = Turns(len(texts), seed)
        self.lengths = Lengths(self._count, texts)
        self.lower = half_precision(str(model.device.type))

    @abstractmethod
    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""

    @property
    def limit(self) -> int | None:
        """Tokens a text is cut to."""
        limit: int | None = self.model.max_seq_length
        return limit

    def drawn(self, places: Integers) -> Integers:
        """Rows of the texts at these places."""
        return self.turns.at(places)[0]

    def tokens(self, texts: Sequence[str], **settings: Any) -> Any:
        """What the model's tokenizer makes of texts, cut to what the model reads."""
        return self.body.tokenizer(
            list(texts), truncation=self.limit is not None, max_length=self.limit, **settings
        )

    def faster(self) -> Any:
        """In bfloat16 where it is safe."""
        return torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.lower)

    def _count(self, texts: Sequence[str]) -> Integers:
        ids = self.tokens(texts, return_attention_mask=False)["input_ids"]
        return np.fromiter((len(i) for i in ids), dtype=np.int64, count=len(ids))


def packed(lengths: Integers) -> Iterator[Integers]:
    """Places of texts that are carried back together, short ones first: padded, they fit."""
    order = np.argsort(lengths, kind="stable")
    start = 0
    for place in range(1, len(order) + 1):
        fits = place < len(order) and lengths[order[place]] * (place + 1 - start) <= PIECE_TOKENS
        if not fits:
            yield order[start:place]
            start = place


def body_of(model: Any) -> Any:
    """The transformer that reads the texts of a model.

    Raises:
        ModelError: when it has none of its own.
    """
    from sentence_transformers.base.modules import Transformer

    if model.model_type == "CrossEncoder" or not isinstance(model[0], Transformer):
        raise ModelError(
            f"A {model.model_type} that begins with {type(model[0]).__name__} cannot learn from "
            "texts alone. Give an encoder with a transformer."
        )
    return model[0]


def prepared(student: Student, model: Any) -> Any:
    """The student's model, as its shape lets it learn.

    Raises:
        RecipeError: when only what stands behind its vectors learns.
    """
    if student.shape is None:
        return model.requires_grad_()
    model = student.shape.prepare(model)
    if student.shape.head(model) is not None:
        raise RecipeError(
            f"{student.shape!r} learns behind vectors that stay. Put pre-training before that step."
        )
    return model
