"""QuerySide: only the query encoder learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.models.student import Student
from acclimate.parts._routes import only_queries_learn, with_routes


@dataclass(frozen=True, kw_only=True)
class QuerySide:
    """Queries get an encoder of their own that learns; documents keep the base model's vectors.

    The index that is there stays valid: nothing is encoded again, and the base model goes on
    serving documents. The student is saved as one sentence-transformers model with two routes,
    so that `encode_query` and `encode_document` do the right thing.

    Paper:   Sachan, Lewis, Yogatama, Zettlemoyer, Pineau, Zaheer, Questions Are All You Need to
             Train a Dense Passage Retriever, TACL 2023 (fine-tuning the question tower under a
             frozen index). https://arxiv.org/abs/2206.10658
    Code:    none followed; sentence-transformers' Router.
    Differs: nothing known.
    Cost:    a step encodes queries only; the saved model is twice as large.

    Returns:
        The student, which learns this way from now on.
    """

    @property
    def documents_frozen(self) -> bool:
        """Document vectors never change."""
        return True

    @property
    def training_tokens(self) -> None:
        """Texts are read as far as the model reads."""
        return None

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with a route for queries, free to move, and one for documents, frozen."""
        return only_queries_learn(with_routes(model))

    def __call__(self, student: Student) -> Student:
        """Let the query encoder learn."""
        return student.shaped_anew(self)
