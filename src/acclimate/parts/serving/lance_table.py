"""LanceTable: the documents' vectors as a table of LanceDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import Named
from acclimate.parts.serving._vectors import Filling, filling, installed
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class LanceTable(Named):
    """Writes a folder that `lancedb.connect(folder).open_table("documents")` opens.

    A row is a document with its columns, and `vector`; search it with `distance_type("dot")`. Of a
    late-interaction model it is a vector per token: search it with all vectors of a query, and
    `distance_type("cosine")`, which is then the sum over the query's tokens.

    Origin:  LanceDB, a vector database on Arrow files.
    Code:    lancedb/lancedb, create_table.
    Differs: nothing known.
    Cost:    the documents are encoded once.

    Args:
        name: letters, digits, "-", "_" and ".".

    Returns:
        The folder `<name>-<hash>`, below that of the context; index.json says of which model.
    """

    name: str = "lancedb"

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Path:
        """Encode and write."""
        installed("lancedb", "lancedb")
        with filling(self, corpus, student, ctx, holds=("one", "tokens")) as made:
            import lancedb

            parts = _batches(made)
            table = lancedb.connect(made.folder).create_table("documents", next(parts))
            for part in parts:
                table.add(part)
        return made.path


def _batches(made: Filling) -> Iterator[Any]:
    """The documents' own columns with a vector each."""
    columns, start = made.corpus.rows, 0
    for rows, vectors in made.rows():
        held = columns.slice(start, len(rows)).replace_schema_metadata(None)
        yield held.append_column("vector", _column(made, vectors))
        start += len(rows)


def _column(made: Filling, vectors: Any) -> Any:
    tokens = made.holds == "tokens"
    flat = np.concatenate(vectors) if tokens else np.asarray(vectors)
    numbers = pa.array(flat.reshape(-1), type=pa.float32())
    column = pa.FixedSizeListArray.from_arrays(numbers, made.width)
    if not tokens:
        return column
    return pa.ListArray.from_arrays(np.cumsum([0, *map(len, vectors)], dtype=np.int32), column)
