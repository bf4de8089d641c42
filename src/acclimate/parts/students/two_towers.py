"""TwoTowers: queries and documents have an encoder each, and both learn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._routes import with_routes
from acclimate.parts.students._layers import FEWEST_TOKENS


@dataclass(frozen=True, kw_only=True)
class TwoTowers:
    """An encoder for queries and another for documents, which begin alike and learn apart.

    Short questions and long documents are read differently, and neither must spoil the other. The
    student is saved as one sentence-transformers model with two routes, so that `encode_query` and
    `encode_document` do the right thing. After training the documents must be encoded anew.

    Rows: [096].

    Paper:   Jin, Kim, Chen, Comeau, Yeganova, Wilbur, Lu, MedCPT (BioCPT), Bioinformatics 2023,
             section 2.3. https://arxiv.org/abs/2307.00589
    Code:    none followed; sentence-transformers' Router.
    Differs: both begin at the student's weights, in the paper at PubMedBERT's.
    Cost:    as a dense student; the saved model, and what training holds, is twice as large.

    Args:
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to read.
    """

    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is read."""
        if self.training_tokens is not None and self.training_tokens < FEWEST_TOKENS:
            raise RecipeError(
                f"TwoTowers(training_tokens={self.training_tokens}): give {FEWEST_TOKENS} or more."
            )

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights of their tower."""
        return False

    def head(self, model: Any) -> None:
        """The encoders themselves learn."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with a route for queries and one for documents, both free to move."""
        return with_routes(model).requires_grad_()

    def __call__(self, student: Student) -> Student:
        """Let two encoders learn."""
        return replace(student, shape=self)
