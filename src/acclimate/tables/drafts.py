"""Drafts: documents that a model wrote for queries. They teach, and nobody ever finds them."""

from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa

from acclimate.tables.queries import Queries
from acclimate.tables.table import Table


class Drafts(Table):
    """Written documents, each with the query it was written for.

    They are no part of the corpus: miners, indexes, evaluators and the gate take a `Corpus`, so
    that none of them can meet a draft. Only `loops.WithDrafts` reads them, while it trains.

    Columns: `query_id`; `doc_id`, which begins with "draft:"; `text`; `value`, how relevant it was
    meant to be, in the units of the query's labels; `kind`, what sort of document; `asks`, the
    text of the query where both were written together.
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("text", pa.string(), nullable=False),
            pa.field("value", pa.float32(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("asks", pa.string()),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id")
    refers: ClassVar[Mapping[str, type[Table]]] = {"query_id": Queries}
