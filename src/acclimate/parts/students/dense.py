"""Dense: all weights learn, or those of the upper layers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student

FEWEST_TOKENS = 8
"""Below this a text is little more than its special tokens."""


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

    Returns:
        The student, which learns this way from now on.
    """

    frozen: float = 0.0
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is read."""
        if not 0 <= self.frozen < 1:
            raise RecipeError(f"Dense(frozen={self.frozen}): give a share from 0 to below 1.")
        if self.training_tokens is not None and self.training_tokens < FEWEST_TOKENS:
            raise RecipeError(
                f"Dense(training_tokens={self.training_tokens}): give {FEWEST_TOKENS} or more."
            )

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model as it is, with every weight free to move but those of the frozen layers."""
        model.requires_grad_()
        for weights in _below(model, self.frozen):
            weights.requires_grad_(requires_grad=False)
        return model

    def __call__(self, student: Student) -> Student:
        """Let all weights learn."""
        return replace(student, shape=self)


def _below(model: Any, share: float) -> list[Any]:
    """The weights that a text passes before it is through this share of the layers."""
    import torch

    stacks = [m for m in model.modules() if isinstance(m, torch.nn.ModuleList)]
    layers = list(max(stacks, key=len, default=()))
    count = int(share * len(layers))
    if not count:
        return []
    above = {id(w) for layer in layers[count:] for w in layer.parameters()}
    # In the order they were put there: embeddings come before layers, and lower layers first.
    return list(takewhile(lambda w: id(w) not in above, model.parameters()))
