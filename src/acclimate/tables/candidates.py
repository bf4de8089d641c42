"""Candidates: documents a miner found for a query, not judged yet."""

from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa

from acclimate.tables.corpus import Corpus
from acclimate.tables.queries import Queries
from acclimate.tables.table import Table


class Candidates(Table):
    """Documents found for a query.

    Columns: `query_id`; `doc_id`; `rank` from 1; `score` in the miner's own units, higher is
    closer; `is_source`, whether the query was written from this document; `miner`, which miner
    found it (several joined by `+`).
    """

    schema: ClassVar[pa.Schema] = pa.schema([
        pa.field("query_id", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("rank", pa.int32(), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("is_source", pa.bool_(), nullable=False),
        pa.field("miner", pa.string(), nullable=False),
    ])
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id")
    refers: ClassVar[Mapping[str, type[Table]]] = {"query_id": Queries, "doc_id": Corpus}
