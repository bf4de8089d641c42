"""Imitating: a student, and the vectors it is to give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from acclimate.errors import ModelError
from acclimate.models.family import reading
from acclimate.models.ref import Floats, Integers
from acclimate.parts.loops._pretraining import VectorLoss
from acclimate.parts.loops._texts import TextLearner, packed


class Imitating(TextLearner):
    """The student and the vectors of a teacher.

    Args:
        model: an opened sentence-transformers model, ready to learn.
        texts: the documents.
        seed: decides the order.
        loss: of vectors.
        wanted: the teacher's, (N, D).
    """

    def __init__(
        self, model: Any, texts: Sequence[str], seed: int, loss: VectorLoss, wanted: Floats
    ) -> None:
        super().__init__(model, texts, seed)
        self.encoder = reading(model)
        self.loss = loss
        self.wanted = wanted
        if len(texts) and wanted.shape[1] != self.encoder.dimension:
            raise ModelError(
                f"The teacher gives vectors of {wanted.shape[1]} dimensions, and the student of "
                f"{self.encoder.dimension}. Put students.EncoderSwap before, or another teacher."
            )

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        rows = self.drawn(places)
        for part in packed(self.lengths.of(rows)):
            own = rows[part]
            with self.faster():
                made = self.encoder.tensors([self.texts[row] for row in own], kind="document")
            goal = torch.from_numpy(np.array(self.wanted[own])).to(made.device)
            there = torch.ones(len(own), dtype=torch.bool, device=made.device)
            loss = self.loss(made, goal, there) * (len(own) / len(rows))
            yield loss, float(loss.detach())
