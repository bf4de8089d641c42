"""Queries: what people ask, or what a generator thinks they would ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import pyarrow as pa

from acclimate.tables.corpus import Corpus
from acclimate.tables.table import Table

Split = Literal["train", "heldout"]


class Queries(Table):
    """Queries, written by a generator (then with a source document) or by people.

    Columns: `query_id`; `text`; `source_doc_id`, the document it was written from; `log_prob`,
    mean token log-probability under its writer (nats); `kind`, what sort of query; `split`,
    whether it trains or is held out for the gate.
    """

    schema: ClassVar[pa.Schema] = pa.schema([
        pa.field("query_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("source_doc_id", pa.string()),
        pa.field("log_prob", pa.float32()),
        pa.field("kind", pa.string()),
        pa.field("split", pa.string(), nullable=False),
    ])
    key: ClassVar[tuple[str, ...]] = ("query_id",)
    refers: ClassVar[Mapping[str, type[Table]]] = {"source_doc_id": Corpus}

    def of_split(self, split: Split) -> Queries:
        """The queries that train, or those held out."""
        return self.where("split", [split])
