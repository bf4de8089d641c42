"""Matryoshka: the first dimensions of a vector learn to be a vector of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import ModelError, RecipeError
from acclimate.models.student import Student
from acclimate.parts.students._layers import check, freed

FAMILY = "SentenceTransformer"
"""Whose vectors have first dimensions."""


@dataclass(frozen=True, kw_only=True)
class Matryoshka:
    """All weights learn under the loss of the whole vectors and of their first `dims` dimensions.

    So the size of an index is chosen when it is built: `SentenceTransformer(folder,
    truncate_dim=64)` gives vectors of 64 dimensions, and `serving.ModelFolder(dimensions=64)` saves
    a model that does so by itself. The loss is any that the loop has; it is added up over the cuts,
    each compared as the student compares, by cosines where its vectors have length 1.

    Rows: [036].

    Paper:   Kusupati et al., Matryoshka Representation Learning, NeurIPS 2022, section 3.
             https://arxiv.org/abs/2205.13147
    Code:    sentence-transformers' MatryoshkaLoss (its form wraps the student's forward).
    Differs: nothing known; `losses.Matryoshka` is the same for vectors of one's own.
    Cost:    as a dense student, and the loss once for each cut; nothing is encoded again.

    Args:
        dims: how many dimensions each cut keeps, beside the whole.
        weights: of the cuts, one for each. None: 1, as in the paper.
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when there is no cut, or its settings leave nothing to learn.
        ModelError: when the student gives no single vector, or a shorter one than a cut keeps.
    """

    dims: tuple[int, ...] = (256, 128, 64)
    weights: tuple[float, ...] | None = None
    frozen: float = 0.0
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse no cut, another number of weights, and settings under which nothing is read."""
        check(self)
        if not self.dims or min(self.dims) < 1:
            raise RecipeError(f"Matryoshka(dims={self.dims}): give cuts of 1 dimension or more.")
        if self.weights is not None and len(self.weights) != len(self.dims):
            raise RecipeError(
                f"Matryoshka has {len(self.dims)} cuts and {len(self.weights)} weights. Give one "
                "weight for each cut."
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
        width = model.get_embedding_dimension() if model.model_type == FAMILY else None
        if width is None or width <= max(self.dims):
            raise ModelError(
                f"Matryoshka(dims={self.dims}) cuts vectors, and this {model.model_type} gives "
                f"{'none' if width is None else f'{width} dimensions'}. Give smaller cuts, or a "
                "dense encoder."
            )
        return freed(model, self.frozen)

    def cuts(self, queries: Any, documents: Any, *, unit: bool) -> Iterator[tuple[float, Any, Any]]:
        """The whole vectors, and the first dimensions of each, with their weights."""
        yield 1.0, queries, documents
        weights = self.weights or (1.0,) * len(self.dims)
        for size, weight in zip(self.dims, weights, strict=True):
            yield weight, _first(queries, size, unit=unit), _first(documents, size, unit=unit)

    def __call__(self, student: Student) -> Student:
        """Let vectors learn that may be cut."""
        return replace(student, shape=self)


def _first(vectors: Any, size: int, *, unit: bool) -> Any:
    """The first dimensions of vectors, at length 1 where the vectors are."""
    import torch

    cut = vectors[:, :size]
    return torch.nn.functional.normalize(cut, dim=-1) if unit else cut
