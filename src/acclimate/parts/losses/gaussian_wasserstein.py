"""GaussianWasserstein: the batch's distributions over documents become the graded ones.

Shapes: B queries, N documents of the whole batch, the same for every query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class GaussianWasserstein:
    """Squared 2-Wasserstein distance between the student's rows and the teacher's.

    X = softmax(s / temperature) and Y = softmax(t) have a row for each query; each matrix is taken
    for a sample of a Gaussian. With means μ and centred rows C / √(B − 1) the loss is
    ‖μ_X − μ_Y‖² + ‖C_X‖² + ‖C_Y‖² − 2 Σ σ(C_X C_Yᵀ), σ the singular values. Documents of other
    queries keep target 0, and so some of the mass. Beware: only the set of rows is compared, so
    two queries may exchange their documents at no cost; `per_query` compares row with row, which
    is what the loss of a batch of one comes to.

    Rows: [028].

    Paper:   Esfandiarpoor et al., Beyond Contrastive Learning: Synthetic Data Enables List-wise
             Training with Multiple Levels of Relevance, EMNLP 2025 Findings, section 3.
             https://arxiv.org/abs/2503.23239
    Code:    BatsResearch/sycl, Wasserstein loss.
    Differs: the cross term is summed from singular values, which are the roots of the eigenvalues
             the code takes and have gradients where those are 0; `per_query` is ours.
    Cost:    the scores of all queries with all documents of the batch, and one decomposition of
             a B × B matrix.

    Args:
        temperature: divides the scores. For cosines 0.05.
        per_query: whether each query is compared with itself alone.

    Returns:
        The loss, a scalar; zero where no query has two documents.

    Example:
        >>> loss = GaussianWasserstein(temperature=1.0)
        >>> scores, targets = torch.tensor([[0.7, 0.2, 0.1]]), torch.tensor([[0.5, 0.3, 0.2]])
        >>> loss(scores.log(), targets.log(), torch.ones(1, 3, dtype=torch.bool))
        tensor(0.0600)
    """

    in_batch: ClassVar[bool] = True
    shared: ClassVar[bool] = True

    temperature: float = 0.05
    per_query: bool = False

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    @property
    def zero_at_teacher(self) -> bool:
        """Whether a student that scores as the teacher does has no loss."""
        return self.temperature == 1

    def counts(self, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Which queries have two documents to tell apart, (B,) bool."""
        del targets
        return mask.sum(dim=1) >= 2

    def __call__(
        self, scores: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The loss of (B, N) scores and targets."""
        counts_B = self.counts(targets, mask)
        student_BN = hidden(scores / self.temperature, mask).softmax(dim=1)
        teacher_BN = hidden(targets, mask).softmax(dim=1)
        if self.per_query:
            return mean_over((student_BN - teacher_BN).square().sum(dim=1), counts_B)
        return _distance(student_BN[counts_B], teacher_BN[counts_B])


def _distance(student_BN: torch.Tensor, teacher_BN: torch.Tensor) -> torch.Tensor:
    """The squared distance of two Gaussians, each given by a sample."""
    size = max(len(student_BN), 1)
    mean_x_N, mean_y_N = student_BN.sum(dim=0) / size, teacher_BN.sum(dim=0) / size
    root = max(size - 1, 1) ** 0.5
    spread_x_BN, spread_y_BN = (student_BN - mean_x_N) / root, (teacher_BN - mean_y_N) / root
    cross_B = torch.linalg.svdvals(spread_x_BN @ spread_y_BN.T)
    spread = spread_x_BN.square().sum() + spread_y_BN.square().sum()
    apart: torch.Tensor = (mean_x_N - mean_y_N).square().sum() + spread - 2 * cross_B.sum()
    return apart
