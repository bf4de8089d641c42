"""Vectors: documents as a vector index holds them: id, title, text, what came with it, vector.

Shapes: N documents, D dimensions, L tokens of a document, V words of the vocabulary.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from acclimate.errors import MissingExtraError, ModelError, TableError
from acclimate.models.encoders import MultiVector, Sparse
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import laid
from acclimate.tables import Corpus

RECORD = "index.json"
"""Beside an index: which model its vectors are of, and how they are compared."""

Holds: TypeAlias = Literal["one", "words", "tokens"]
"""What a text becomes: one vector, weights of words, a vector per token."""

GIVEN: dict[type, Holds] = {Sparse: "words", MultiVector: "tokens"}
"""By models that do not give one vector of a text."""

STEP = 1_000
"""Documents that are written together."""


@dataclass(frozen=True, eq=False)
class Filling:
    """An index that is being filled.

    Args:
        folder: where to write.
        path: where that will be.
        corpus: the documents.
        vectors: of the documents, compared by dot product: (N, D), a sparse (N, V), or (L, D) of
            each.
        holds: which of these.
    """

    folder: Path
    path: Path
    corpus: Corpus
    vectors: Any
    holds: Holds

    @property
    def width(self) -> int:
        """Numbers in a vector, D or V."""
        return int((self.vectors[0] if self.holds == "tokens" else self.vectors).shape[1])

    def rows(self) -> Iterator[tuple[list[dict[str, Any]], Any]]:
        """Documents and their vectors, some at a time."""
        for start in range(0, len(self.corpus), STEP):
            some = self.corpus.take(range(start, min(start + STEP, len(self.corpus))))
            told = [{k: v for k, v in row.items() if v is not None} for row in some.dicts()]
            end = start + len(some)
            if self.holds == "tokens":
                yield told, [self.vectors[row] for row in range(start, end)]
            else:
                yield told, self.vectors[start:end]


@contextmanager
def filling(
    part: Any,
    corpus: Corpus,
    student: Student,
    ctx: Context,
    *,
    holds: tuple[Holds, ...] = ("one",),
) -> Iterator[Filling]:
    """The documents with the student's vectors, and a folder named by both.

    Args:
        part: whose index it is; its `name` names the folder.
        corpus: the documents.
        student: gives the vectors.
        ctx: says where, and encodes.
        holds: what the index can hold.

    Raises:
        TableError: when there is no document.
        ModelError: when the student gives what the index cannot hold.
    """
    encoder: Any = student.encoder
    if not len(corpus):
        raise TableError("An index of no documents finds nothing. Give a corpus with some.")
    given = _given(part, encoder, holds)
    made_of = encoder.fingerprint()
    digest = hashlib.sha256(f"{corpus.digest} {made_of}".encode()).hexdigest()
    with laid(ctx, part.name, digest) as folder:
        encode = {
            "one": ctx.engine.encode, "words": ctx.engine.encode_terms,
            "tokens": ctx.engine.encode_tokens,
        }[given]  # fmt: skip
        vectors = encode(encoder, corpus.contents, kind="document")
        made = Filling(folder.part, folder.path, corpus, vectors, given)
        yield made
        told = {
            "model": str(getattr(encoder, "model", encoder)), "fingerprint": made_of,
            "documents": len(corpus), "holds": given, "dimension": made.width, "compare": "dot",
        }  # fmt: skip
        (folder.part / RECORD).write_text(json.dumps(told, indent=1), "utf-8")


def _given(part: Any, encoder: Any, holds: tuple[Holds, ...]) -> Holds:
    if isinstance(encoder, CrossEncoder):
        raise ModelError(f"{encoder!r} reads pairs and gives no vectors: no index holds it.")
    given: Holds = GIVEN.get(type(encoder), "one")
    if given not in holds:
        what = {"words": "weights of words", "tokens": "a vector per token"}[given]
        raise ModelError(
            f"{encoder!r} gives {what}, and {type(part).__name__} holds one vector of a text. "
            "Give a dense encoder, or make a QdrantCollection."
        )
    return given


def installed(package: str, extra: str) -> None:
    """Refuse before anything is encoded.

    Raises:
        MissingExtraError: when a package is not installed.
    """
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise MissingExtraError(package, extra)
