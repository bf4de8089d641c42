"""Vectors: documents as a vector index holds them: id, title, text, what came with it, vector.

Shapes: N documents, D dimensions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.errors import MissingExtraError, ModelError, TableError
from acclimate.models.encoders import MultiVector, Sparse
from acclimate.models.ref import Floats
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import laid
from acclimate.tables import Corpus

RECORD = "index.json"
"""Beside an index: which model its vectors are of, and how they are compared."""

STEP = 1_000
"""Documents that are written together."""


@dataclass(frozen=True, eq=False)
class Filling:
    """An index that is being filled.

    Args:
        folder: where to write.
        path: where that will be.
        corpus: the documents.
        vectors: of the documents, (N, D), compared by dot product.
    """

    folder: Path
    path: Path
    corpus: Corpus
    vectors: Floats

    def rows(self) -> Iterator[tuple[list[dict[str, Any]], Floats]]:
        """Documents and their vectors, some at a time."""
        for start in range(0, len(self.corpus), STEP):
            some = self.corpus.take(range(start, min(start + STEP, len(self.corpus))))
            told = [{k: v for k, v in row.items() if v is not None} for row in some.dicts()]
            yield told, self.vectors[start : start + STEP]


@contextmanager
def filling(name: str, corpus: Corpus, student: Student, ctx: Context) -> Iterator[Filling]:
    """The documents with the student's vectors, and a folder named by both.

    Raises:
        TableError: when there is no document.
        ModelError: when the student gives no single vector of a text.
    """
    encoder: Any = student.encoder
    if not len(corpus):
        raise TableError("An index of no documents finds nothing. Give a corpus with some.")
    if isinstance(encoder, Sparse | MultiVector | CrossEncoder):
        raise ModelError(
            f"{encoder!r} gives no single vector of a text, and this index holds nothing else. "
            "Give a dense encoder."
        )
    made_of = encoder.fingerprint()
    digest = hashlib.sha256(f"{corpus.digest} {made_of}".encode()).hexdigest()
    with laid(ctx, name, digest) as folder:
        vectors = ctx.engine.encode(encoder, corpus.contents, kind="document")
        yield Filling(folder.part, folder.path, corpus, vectors)
        told = {
            "model": str(getattr(encoder, "model", encoder)), "fingerprint": made_of,
            "documents": len(corpus), "dimension": int(vectors.shape[1]), "compare": "dot",
        }  # fmt: skip
        (folder.part / RECORD).write_text(json.dumps(told, indent=1), "utf-8")


def installed(package: str, extra: str) -> None:
    """Refuse before anything is encoded.

    Raises:
        MissingExtraError: when a package is not installed.
    """
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise MissingExtraError(package, extra)
