"""LateInteraction: every token gets a vector, and all weights learn to compare them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.students._layers import body_of, check, freed


@dataclass(frozen=True, kw_only=True)
class LateInteraction:
    """A vector per token; a document's score is the mean of the query tokens' best cosines.

    A dense encoder becomes a late-interaction model: its token vectors are compared, through a
    linear map where there are to be fewer `dimensions`, and its pooling is left out. Special tokens
    do not count. Before training it scores as `labellers.LateInteraction` does. A model that
    compares tokens already goes on as it is. With `pooling`, tokens of a document that are near
    each other become one vector, their mean, so that its index is smaller by as much. The student
    is saved as an ordinary MultiVectorEncoder folder and searched with `indexes.LateInteraction`.

    Rows: [036], [086].

    Paper:   Khattab, Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized
             Late Interaction over BERT, SIGIR 2020, section 3. https://arxiv.org/abs/2004.12832
    Code:    sentence-transformers' MultiVectorEncoder and HierarchicalTokenPooling, after
             stanford-futuredata/ColBERT.
    Differs: the mean over the query's tokens, not the sum, so that scores of long and short queries
             have one scale; queries are not filled up with masks; punctuation counts.
    Cost:    a step encodes queries and documents, forward and back, and compares their tokens; an
             index holds a vector per token.

    Args:
        dimensions: of a token's vector. Paper: 128. None: as many as the encoder gives.
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a text, read in training. None: as many as the model reads.
        pooling: tokens of a document that share a vector, on the mean; 1: none do. Paper: 1.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to learn from.
    """

    dimensions: int | None = None
    frozen: float = 0.0
    training_tokens: int | None = None
    pooling: float = 1.0

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is compared, or nothing is read."""
        check(self)
        if self.pooling < 1:
            raise RecipeError(f"LateInteraction(pooling={self.pooling}): give 1 or more.")
        if self.dimensions is not None and self.dimensions < 1:
            raise RecipeError(f"LateInteraction(dimensions={self.dimensions}): give 1 or more.")

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """A late-interaction model with its upper layers free to move."""
        compares = model.model_type == "MultiVectorEncoder"
        return freed(model if compares else self._comparing(model), self.frozen)

    def __call__(self, student: Student) -> Student:
        """Let a late-interaction model learn."""
        return replace(student, shape=self)

    def _comparing(self, model: Any) -> Any:
        """The transformer of a dense encoder, and what makes its token vectors comparable."""
        from sentence_transformers import MultiVectorEncoder
        from sentence_transformers.base.modules import Normalize
        from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

        body = body_of(model, "A late-interaction model")
        special = set(body.tokenizer.all_special_tokens) - {body.tokenizer.unk_token}
        mask = MultiVectorMask(skiplist_words=sorted(special), skiplist_tasks=["query", "document"])
        unit = Normalize(module_input_name="token_embeddings")
        return MultiVectorEncoder(
            modules=[body, *self._narrowing(body), mask, unit, *self._pooling()],
            device=str(model.device),
            prompts=dict(model.prompts),
            default_prompt_name=model.default_prompt_name,
            similarity_fn_name="meanmaxsim",
        ).eval()

    def _narrowing(self, body: Any) -> list[Any]:
        """A map to fewer dimensions, which at first keeps angles as far as it can."""
        import torch
        from sentence_transformers.base.modules import Dense

        width = int(body.get_embedding_dimension())
        if self.dimensions is None or self.dimensions == width:
            return []
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            weights = torch.nn.init.orthogonal_(torch.empty(self.dimensions, width))
        return [
            Dense(
                width,
                self.dimensions,
                bias=False,
                activation_function=torch.nn.Identity(),
                init_weight=weights,
                module_input_name="token_embeddings",
            )
        ]

    def _pooling(self) -> list[Any]:
        """What makes one vector of several tokens of a document, where that is wanted."""
        from sentence_transformers.multi_vector_encoder.modules import HierarchicalTokenPooling

        if self.pooling == 1:
            return []
        return [HierarchicalTokenPooling(self.pooling, num_protected_tokens=0)]
