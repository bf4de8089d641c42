"""Reranker: a cross-encoder that reads a query and a document together learns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.models.student import Student
from acclimate.parts.students._layers import body_of, check, freed


@dataclass(frozen=True, kw_only=True)
class Reranker:
    """A cross-encoder that puts in order what another search found.

    It searches nothing itself: the first documents of BM25, or of the dense encoder it was made
    from, are read with the query (`indexes.Reranked`), and so it is compared with its start. A
    cross-encoder goes on as it is. A dense encoder becomes one: its transformer reads pairs, and a
    linear map behind its pooling gives the score. That map begins at weights of chance, so it
    needs many more updates. The student is saved as an ordinary CrossEncoder folder.

    Paper:   Nogueira, Cho, Passage Re-ranking with BERT, 2019. https://arxiv.org/abs/1901.04085
    Code:    sentence-transformers' CrossEncoder.
    Differs: any loss of scores, where the paper has cross-entropy of single pairs.
    Cost:    a step reads each pair of a query and a document, forward and back.

    Args:
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a pair, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to learn from.
    """

    frozen: float = 0.0
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is read."""
        check(self)

    @property
    def documents_frozen(self) -> bool:
        """There are no document vectors."""
        return False

    def head(self, model: Any) -> None:
        """The model itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """A cross-encoder with its upper layers free to move."""
        reads_pairs = model.model_type == "CrossEncoder"
        return freed(model if reads_pairs else _scoring(model), self.frozen)

    def __call__(self, student: Student) -> Student:
        """Let a cross-encoder learn."""
        return replace(student, shape=self)


def _scoring(model: Any) -> Any:
    """The transformer and the pooling of a dense encoder, and a linear map to one score."""
    import torch
    from sentence_transformers import CrossEncoder
    from sentence_transformers.base.modules import Dense
    from sentence_transformers.sentence_transformer.modules import Pooling

    body = body_of(model, "A reranker")
    width = int(body.get_embedding_dimension())
    pooling = next((m for m in model if isinstance(m, Pooling)), Pooling(width, "mean"))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        score = Dense(
            int(pooling.get_embedding_dimension()),
            1,
            activation_function=torch.nn.Identity(),
            module_output_name="scores",
        )
    return CrossEncoder(
        modules=[body, pooling, score],
        device=str(model.device),
        activation_fn=torch.nn.Identity(),
    ).eval()
