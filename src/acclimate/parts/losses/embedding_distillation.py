"""EmbeddingDistillation: the student's vectors become the teacher's.

Shapes: N texts, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch

from acclimate.parts.losses._rows import mean_over


@dataclass(frozen=True, kw_only=True)
class EmbeddingDistillation:
    """Distance of the student's vector of a text from the teacher's.

    "mse" is the mean over dimensions of (s − t)², "cosine" is 1 − cos(s, t). It takes vectors,
    since there is nothing to rank. The teacher learns nothing from it. Two languages are taught
    with two rows: a text and its translation, each with the teacher's vector of the text. Where
    dimensions differ, a projection behind the student comes before.

    Rows: [049], [089].

    Paper:   Reimers, Gurevych, Making Monolingual Sentence Embeddings Multilingual using Knowledge
             Distillation, EMNLP 2020, section 2. https://arxiv.org/abs/2004.09813; as used by
             NLLB-E5, NAACL 2025. https://arxiv.org/abs/2409.05401
    Code:    sentence-transformers' EmbedDistillLoss gives the same values (its form needs the
             student as a module and the teacher's vectors as a column).
    Differs: nothing known.
    Cost:    nothing beside the vectors.

    Args:
        distance: what is small when vectors are alike.

    Returns:
        The mean over the texts that count, a scalar; zero where none does.

    Example:
        >>> student, teacher = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.6, 0.8]])
        >>> EmbeddingDistillation()(student, teacher, torch.tensor([True]))
        tensor(0.4000)
    """

    distance: Literal["mse", "cosine"] = "mse"

    def __call__(
        self, student_ND: torch.Tensor, teacher_ND: torch.Tensor, mask_N: torch.Tensor
    ) -> torch.Tensor:
        """The loss of the vectors of student and teacher."""
        goal_ND = teacher_ND.detach()
        if self.distance == "mse":
            return mean_over((student_ND - goal_ND).square().mean(dim=1), mask_N)
        alike_N = torch.nn.functional.cosine_similarity(student_ND, goal_ND, dim=1)
        return mean_over(1 - alike_N, mask_N)
