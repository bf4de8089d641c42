"""Adapter: a linear map behind the encoder learns; the encoder itself does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.models.student import Student


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """Vectors v become normalise(v + v W); only W learns, and starts at zero.

    Texts are encoded once, before training: a step multiplies matrices and takes milliseconds,
    so that thousands of queries train in seconds on one core. Vectors of an index that is there
    are brought over by the same multiplication: nothing is encoded again; behind an encoder that
    has learned earlier in the run, they must be encoded by that. The student is saved
    as an ordinary sentence-transformers folder with two modules more (Dense with a residual,
    Normalize).

    Paper:   Yoon, Arik, Chen, Pfister, Search-Adaptor: Embedding Customization for Information
             Retrieval, ACL 2024 (a residual map over frozen embeddings).
             https://arxiv.org/abs/2310.08750
    Code:    none published; sentence-transformers' Dense module.
    Differs: a plain matrix instead of a network; the teacher's soft labels instead of judgements
             and their ranking, recovery and prediction losses.
    Cost:    D × D multiplications per vector, D its dimensions.

    Returns:
        The student, which learns this way from now on.
    """

    @property
    def documents_frozen(self) -> bool:
        """Document vectors go through the map."""
        return False

    @property
    def training_tokens(self) -> None:
        """Texts are read as far as the model reads."""
        return None

    def head(self, model: Any) -> Any:
        """The map and the normalisation behind it."""
        import torch

        return torch.nn.Sequential(*list(model)[-2:])

    def prepare(self, model: Any) -> Any:
        """The model with a new map behind it, everything before it frozen."""
        import torch
        from sentence_transformers.base.modules import Dense, Normalize

        width = int(model.get_embedding_dimension())
        added = Dense(
            width,
            width,
            bias=False,
            activation_function=torch.nn.Identity(),
            init_weight=torch.zeros(width, width),
            use_residual=True,
        )
        model.requires_grad_(requires_grad=False)
        for module in (added, Normalize()):
            model.append(module.to(model.device))
        return model.eval()

    def __call__(self, student: Student) -> Student:
        """Let a map behind the encoder learn."""
        return student.shaped_anew(self)
