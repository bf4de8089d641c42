"""TrainerLoss: a loss of acclimate in a trainer of sentence-transformers.

Shapes: B queries, K documents of each, D dimensions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch.nn.functional import normalize

from acclimate.errors import RecipeError
from acclimate.models.encoders.opened import is_normalised
from acclimate.parts.part import Loss


class TrainerLoss(torch.nn.Module):
    """Any part of `losses` as the loss of a `SentenceTransformerTrainer` or `SparseEncoderTrainer`.

    Columns are a query, its document, and others, as `acclimate.to_dataset` makes them. With
    loss="DistillKLDivLoss" labels are the teacher's values of all documents, which every loss
    takes; with loss="MarginMSELoss" they are margins, and values are taken from them. Without
    labels the first document is worth 1 and the others 0. A loss with `in_batch` gets the
    documents of the other queries as further columns; a document that several queries of a batch
    share would count against its own query, so take `batch_sampler="no_duplicates"` with it.

    Args:
        model: the model that is trained.
        loss: of (B, K) scores.
        scale: what scores are multiplied with, where a loss compares units.

    Example:
        loss = TrainerLoss(model, losses.KLDivergence())
        SentenceTransformerTrainer(model=model, train_dataset=rows, loss=loss)
    """

    def __init__(self, model: Any, loss: Loss, *, scale: float = 1.0) -> None:
        super().__init__()
        if getattr(loss, "shared", False) or getattr(loss, "labelled", False):
            raise RecipeError(
                f"{loss!r} needs labels between all queries and documents: loops.Fit."
            )
        self.model = model
        self.loss = loss
        self.scale = scale
        self.by_angle = is_normalised(model)

    def forward(
        self, sentence_features: Iterable[dict[str, Any]], labels: torch.Tensor | None = None
    ) -> torch.Tensor:
        """The loss of a batch."""
        columns = [self._vectors(features) for features in sentence_features]
        if len(columns) < 2:
            raise RecipeError("A batch needs a query and a document; there is one column.")
        queries_BD, documents_KBD = columns[0], torch.stack(columns[1:])
        scores_BK = torch.einsum("bd,kbd->bk", queries_BD, documents_KBD)
        targets_BK = _values(labels, scores_BK)
        if getattr(self.loss, "in_batch", False):
            others_BN = _others(queries_BD, documents_KBD)
            scores_BK = torch.cat([scores_BK, others_BN], dim=1)
            targets_BK = torch.cat([targets_BK, torch.zeros_like(others_BN)], dim=1)
        mask_BK = torch.ones_like(scores_BK, dtype=torch.bool)
        value: torch.Tensor = self.loss(self.scale * scores_BK, targets_BK, mask_BK)
        return value

    def get_config_dict(self) -> dict[str, Any]:
        """What the model card says of it."""
        return {"loss": repr(self.loss), "scale": self.scale}

    def _vectors(self, features: dict[str, Any]) -> torch.Tensor:
        vectors: torch.Tensor = self.model(features)["sentence_embedding"]
        return normalize(vectors, dim=-1) if self.by_angle else vectors


def _values(labels: torch.Tensor | None, scores: torch.Tensor) -> torch.Tensor:
    """The teacher's value of each document, (B, K)."""
    if labels is None:
        values = torch.zeros_like(scores)
        values[:, 0] = 1.0
        return values
    given = labels.to(scores.dtype).reshape(len(scores), -1)
    if given.shape[1] == scores.shape[1]:
        return given
    if given.shape[1] == scores.shape[1] - 1:  # margins: how much less than the first
        return torch.cat([torch.zeros_like(given[:, :1]), -given], dim=1)
    raise RecipeError(
        f"{given.shape[1]} labels of each query do not fit {scores.shape[1]} documents. Give a "
        "value of each document, or a margin of each but the first."
    )


def _others(queries: torch.Tensor, documents: torch.Tensor) -> torch.Tensor:
    """Scores of each query with the documents of all other queries, (B, (B - 1) K)."""
    scores_BBK = torch.einsum("bd,kcd->bck", queries, documents)
    count = len(queries)
    apart = ~torch.eye(count, dtype=torch.bool, device=scores_BBK.device)
    return scores_BBK[apart].reshape(count, -1)
