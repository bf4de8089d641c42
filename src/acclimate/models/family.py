"""Family: which of the four kinds of sentence-transformers a model is, and what we call it by.

The four share their trainer; they differ in what a text becomes (one vector, weights of words, a
vector per token) or in that a query and a document are read together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense, Exported, MultiVector, Sparse
from acclimate.models.graphs import RECORD, record_of
from acclimate.models.scorers import CrossEncoder, ExportedPairs
from acclimate.models.student import Model
from acclimate.models.weights import family_of

FAMILIES: dict[str, Any] = {
    "SentenceTransformer": Dense,
    "SparseEncoder": Sparse,
    "MultiVectorEncoder": MultiVector,
    "CrossEncoder": CrossEncoder,
}
"""Classes of sentence-transformers, and the values that name a model of each."""

OURS = "acclimate.models."
"""Where modules are that sentence-transformers does not have."""


def named(model: str) -> Model:
    """A model by hub name or folder, as what it says it is.

    One that cannot be found is taken for a dense encoder, so that whoever opens it is told.
    """
    try:
        family = family_of(Dense(model).folder())
    except ModelError:
        family = "SentenceTransformer"
    value: Model = FAMILIES.get(family, Dense)(model)
    return value


def served(model: str) -> Any:
    """What searches or scores: a model as `named` gives it, or that of an exported folder."""
    folder = Path(model)
    if not (folder / RECORD).is_file():
        return named(model)
    pairs = record_of(folder)["family"] == "CrossEncoder"
    return ExportedPairs(model) if pairs else Exported(model)


def saved(model: Any, folder: Path, *, trust_remote_code: bool = False) -> Model:
    """The value of an opened model that was saved into a folder.

    One with a module of ours is trusted: sentence-transformers takes every class but its own for
    code that came with the model.
    """
    kind = FAMILIES[model.model_type]
    ours = any(type(module).__module__.startswith(OURS) for module in model.modules())
    value: Model = kind(str(folder), trust_remote_code=trust_remote_code or ours)
    return value


def reading(model: Any) -> Any:
    """What turns texts, or pairs of them, into tensors that a student learns from."""
    if model.model_type == "CrossEncoder":
        from acclimate.models.scorers.opened import PairScorer

        return PairScorer(model)
    if model.model_type == "SparseEncoder":
        from acclimate.models.encoders.terms import TermEncoder

        return TermEncoder(model)
    if model.model_type == "MultiVectorEncoder":
        from acclimate.models.encoders.tokens import TokenEncoder

        return TokenEncoder(model)
    from acclimate.models.encoders.opened import SentenceEncoder

    return SentenceEncoder(model)
