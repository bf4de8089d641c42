"""QdrantCollection: the documents' vectors as a collection of Qdrant's local mode."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import Named
from acclimate.parts.serving._vectors import Filling, Holds, filling, installed
from acclimate.tables import Corpus

WORDS = "words"
"""The name of a sparse vector; Qdrant has no sparse ones without."""

SPACE = uuid.UUID("3896d314-1e95-4a3a-b45a-945f9f0b541d")
"""Qdrant takes no other ids than numbers and UUIDs. These are those Haystack's store gives."""


@dataclass(frozen=True, kw_only=True)
class QdrantCollection(Named):
    """Writes a folder that `QdrantClient(path=folder)` opens; the collection is "documents".

    A point holds a document's id, title, text and meta beside its vector. Its own id is made from
    the document's, so that a second export to the same place would replace and not double. To
    bring the collection to a server: `QdrantClient(path=folder).migrate(QdrantClient(url))`.

    Sparse encoders and late-interaction models are held too: weights of words as the sparse vector
    "words", and a vector per token as a multivector that is compared by MaxSim, the sum over a
    query's tokens.

    Origin:  Qdrant, a vector database.
    Code:    qdrant/qdrant-client, local mode.
    Differs: nothing known.
    Cost:    the documents are encoded once.

    Args:
        name: letters, digits, "-", "_" and ".".

    Returns:
        The folder `<name>-<hash>`, below that of the context; index.json says of which model.
    """

    name: str = "qdrant"

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Path:
        """Encode and write."""
        installed("qdrant_client", "qdrant")
        with filling(self, corpus, student, ctx, holds=("one", "words", "tokens")) as made:
            from qdrant_client import QdrantClient, models

            client = QdrantClient(path=str(made.folder))
            try:
                client.create_collection("documents", **_config(made))
                for rows, vectors in made.rows():
                    points = [
                        models.PointStruct(
                            id=str(uuid.uuid5(SPACE, row["doc_id"])), vector=vector, payload=row
                        )
                        for row, vector in zip(rows, _told(made.holds, vectors), strict=True)
                    ]
                    client.upsert("documents", points)
            finally:
                client.close()
        return made.path


def _config(made: Filling) -> dict[str, Any]:
    """What kind of vectors a collection holds."""
    from qdrant_client import models

    if made.holds == "words":
        return {"sparse_vectors_config": {WORDS: models.SparseVectorParams()}}
    tokens = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    return {
        "vectors_config": models.VectorParams(
            size=made.width,
            distance=models.Distance.DOT,
            multivector_config=tokens if made.holds == "tokens" else None,
        )
    }


def _told(holds: Holds, vectors: Any) -> Iterator[Any]:
    """Vectors as points hold them; a document without a token is a point without a vector."""
    from qdrant_client import models

    for vector in vectors:
        if holds == "words":
            indices, values = vector.indices.tolist(), vector.data.tolist()
            yield {WORDS: models.SparseVector(indices=indices, values=values)}
        else:
            yield vector.tolist() or {}
