"""Points: models between base and adapted weights, and how each searches a part of a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from acclimate.engines.engine import Engine, IndexRef
from acclimate.models.encoders.blend import blend
from acclimate.models.encoders.stem import stem_of
from acclimate.models.indexes.flat import OWN, Flat, FlatIndex
from acclimate.models.indexes.reranked import Reranked
from acclimate.models.ref import Integers
from acclimate.models.student import Model, Student
from acclimate.parts.evaluators.ranked import Towers, reranks


@dataclass(frozen=True, eq=False)
class Taken:
    """Exact search whose document vectors are rows of a whole corpus's, which are there already.

    Of a model with an adapter, the vectors before it are taken, and only these rows go through.

    Args:
        queries: encodes queries.
        documents: encodes documents.
        corpus: the texts of all documents.
        rows: which of them are searched.
    """

    queries: Model
    documents: Model
    corpus: Sequence[str]
    rows: Integers

    def fingerprint(self) -> str:
        """As of the plain index: the vectors are the same."""
        return Towers(self.queries, self.documents).fingerprint()

    def build(self, documents: Sequence[str], engine: Engine) -> FlatIndex:
        """Take the vectors."""
        del documents
        stem = stem_of(self.documents)
        encoded = engine.encode(stem or self.documents, self.corpus, kind="document")
        vectors = np.asarray(encoded[self.rows])
        return FlatIndex(self.queries, stem.behind(vectors) if stem else vectors, engine)


def searching(student: Student, corpus: Sequence[str], rows: Integers) -> IndexRef:
    """How a student searches a part of a corpus, without encoding again what the base has encoded.

    Only a student whose encoder itself moved must encode these documents anew.

    Args:
        student: which.
        corpus: all documents, whose vectors the base has made.
        rows: the documents that are searched.
    """
    if reranks(student):
        found = searching(student.trained(student.start), corpus, rows)
        return Reranked(student.encoder, first=found)
    if type(student.encoder) in OWN:
        return Flat(student.encoder)
    if student.encoder == student.start or stem_of(student.encoder) is not None:
        return Taken(student.encoder, student.encoder, corpus, rows)
    if student.shape is not None and student.shape.documents_frozen:
        return Taken(student.encoder, student.stands_on, corpus, rows)
    return Flat(student.encoder)


def between(student: Student, share: float, folder: Path) -> Student:
    """The student with `share` of the way from its start to its weights, saved in `folder`."""
    if share == 1:
        return student
    blended = replace(student, encoder=blend(student.start, student.encoder, share, folder))
    # With what its shape stood on blended too, no vectors are there for it.
    return replace(blended, shape=None, stem=None) if student.stem else blended
