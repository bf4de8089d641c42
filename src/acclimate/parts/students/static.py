"""Static: queries are looked up in a table that learns; documents keep their vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from acclimate.models.student import Student
from acclimate.parts._routes import only_queries_learn, routed
from acclimate.parts.students._layers import body_of


@dataclass(frozen=True, kw_only=True)
class Static:
    """A query's vector is the mean of its words' vectors, read from a table: asking costs nothing.

    The table begins with what the base model makes of each word of its vocabulary alone, times
    ln(1 + rank), ranks from 1: frequent words mostly stand first in a vocabulary, and say less.
    Then it learns to ask the documents, whose vectors stay, so that the index that is there stays
    valid. It needs a learning rate of 1e-3 or more. The student is saved as one
    sentence-transformers model with two routes.

    Origin: model2vec, which makes such tables of sentence encoders.
    Code:   MinishLab/model2vec; sentence-transformers' StaticEmbedding and Router.
    Differs: queries only; words are encoded as texts of their own; the dimensions are the base's,
            without a principal component analysis; the table is trained.
    Cost:   encodes the vocabulary once; then an update looks up words and multiplies vectors.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when the student has learned another way before, in the same run.
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
        """The table itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with a table for queries, free to move, and its own modules for documents."""
        from sentence_transformers.base.modules import Normalize, Router

        if isinstance(model[0], Router):
            return only_queries_learn(model)
        return only_queries_learn(routed(model, [_table(model), Normalize()]))

    def __call__(self, student: Student) -> Student:
        """Let a table of words learn."""
        return student.shaped_anew(self)


def _table(model: Any) -> Any:
    """The weighted vectors of all words of a model's vocabulary, as an embedding of queries."""
    import numpy as np
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = body_of(model, "A table of words").tokenizer
    rows = range(len(tokenizer))
    # The pieces of words of BERT are marked by what they are not.
    words = [tokenizer.decode([row]).strip().removeprefix("##") for row in rows]
    vectors = model.encode(words, convert_to_numpy=True, show_progress_bar=False)
    weights = np.log1p(np.arange(1, len(words) + 1, dtype=np.float32))[:, None]
    own = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    own.no_truncation()
    return StaticEmbedding(own, embedding_weights=np.asarray(vectors * weights, np.float32))
