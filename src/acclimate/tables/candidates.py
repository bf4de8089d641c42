"""Candidates: documents a miner found for a query, not judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

import pyarrow as pa

from acclimate.errors import TableError
from acclimate.tables.corpus import Corpus
from acclimate.tables.formats.runs import read_run, write_run
from acclimate.tables.intake import Tally
from acclimate.tables.queries import Queries
from acclimate.tables.table import Table


class Candidates(Table):
    """Documents found for a query.

    Columns: `query_id`; `doc_id`; `rank` from 1; `score` in the miner's own units, higher is
    closer; `is_source`, whether the query was written from this document; `miner`, which miner
    found it (several joined by `+`).
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("rank", pa.int32(), nullable=False),
            pa.field("score", pa.float32(), nullable=False),
            pa.field("is_source", pa.bool_(), nullable=False),
            pa.field("miner", pa.string(), nullable=False),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id")
    refers: ClassVar[Mapping[str, type[Table]]] = {"query_id": Queries, "doc_id": Corpus}

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Candidates from a TREC run; ranks are counted anew by score, as trec_eval does.

        Raises:
            TableError: when a line cannot be read, or when there is none.
        """
        tally = Tally()
        rows = list(read_run(Path(path), tally))
        if not rows:
            raise TableError(
                tally.nothing(
                    "result",
                    repr(str(path)),
                    "six columns: query, Q0, document, rank, score and name of the run",
                )
            )
        by_query: dict[str, list[tuple[str, str, float, str]]] = {}
        for row in rows:
            by_query.setdefault(row[0], []).append(row)
        found = [
            (*row, rank)
            for rows in by_query.values()
            for rank, row in enumerate(sorted(rows, key=lambda r: -r[2]), start=1)
        ]
        return cls.columns(
            query_id=[row[0] for row in found],
            doc_id=[row[1] for row in found],
            score=[row[2] for row in found],
            miner=[row[3] for row in found],
            rank=[row[4] for row in found],
            is_source=[False] * len(found),
        ).with_intake(tally.intake())

    def write_run(self, path: str | Path, *, tag: str | None = None) -> None:
        """A TREC run, as trec_eval, ir_measures and PyTerrier read it; `read` gives it back.

        These tools order by score, and not by rank, where the two disagree.

        Args:
            path: where to.
            tag: what the run is called. None: each row by the miner that found it.

        Raises:
            TableError: when an id or a tag holds a blank, or the file cannot be written.
        """
        names = ("query_id", "doc_id", "rank", "score", "miner")
        columns = [self[name] for name in names]
        if tag is not None:
            columns[-1] = [tag] * len(self)
        write_run(zip(*columns, strict=True), Path(path))
