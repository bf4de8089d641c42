"""LanceTable: the documents' vectors as a table of LanceDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving._folders import check_name
from acclimate.parts.serving._vectors import Filling, filling, installed
from acclimate.tables import Corpus


@dataclass(frozen=True, kw_only=True)
class LanceTable:
    """Writes a folder that `lancedb.connect(folder).open_table("documents")` opens.

    A row is a document with its columns, and `vector`; search it with `distance_type("dot")`.

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

    def __post_init__(self) -> None:
        """Refuse names that would lead elsewhere."""
        check_name(self.name)

    def __call__(self, corpus: Corpus, student: Student, ctx: Context) -> Path:
        """Encode and write."""
        installed("lancedb", "lancedb")
        with filling(self.name, corpus, student, ctx) as made:
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
        width = vectors.shape[1]
        flat = pa.array(vectors.reshape(-1), type=pa.float32())
        held = columns.slice(start, len(rows)).replace_schema_metadata(None)
        yield held.append_column("vector", pa.FixedSizeListArray.from_arrays(flat, width))
        start += len(rows)
