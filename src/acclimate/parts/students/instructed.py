"""Instructed: queries and documents are read behind a sentence that says what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts.students._layers import check, freed


@dataclass(frozen=True, kw_only=True)
class Instructed:
    """The student learns with a prefix before each query and each document, and is saved with it.

    The prefix tells the two apart, and one task from another. It becomes part of the saved model:
    `encode_query` and `encode_document` put it there by themselves, so that nobody forgets it. The
    start keeps what it had, so that the gate compares with the model as it is used now. A model of
    any family that gives vectors or weights can learn so; it stays of its family.

    Paper:   Su et al., One Embedder, Any Task: Instruction-Finetuned Text Embeddings, Findings of
             ACL 2023. https://arxiv.org/abs/2212.09741
    Code:    sentence-transformers' prompts.
    Differs: one instruction for queries and one for documents, the same in all examples; the tokens
             of the prefix are pooled with the others.
    Cost:    as a dense student, and the tokens of the prefix with every text.

    Args:
        query: put before each query, as "Represent this question for finding manuals: ".
        document: put before each document. Empty: nothing.
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a text and its prefix, read in training. None: as many as the model
            reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when there is no prefix, or its settings leave nothing to learn from.
    """

    query: str = "query: "
    document: str = ""
    frozen: float = 0.0
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse an instruction that says nothing, and settings under which nothing is read."""
        check(self)
        if not self.query and not self.document:
            raise RecipeError("Instructed has no prefix. Give query= or document=, or take Dense.")

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with its prefixes, and its upper layers free to move."""
        model.prompts.update(query=self.query, document=self.document)
        return freed(model, self.frozen)

    def __call__(self, student: Student) -> Student:
        """Let the weights learn behind the prefixes."""
        return replace(student, shape=self)
