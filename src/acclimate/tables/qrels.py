"""Qrels: judgements by people. Only evaluators may ask for them."""

from typing import ClassVar

import pyarrow as pa

from acclimate.tables.table import Table


class Qrels(Table):
    """Relevance judgements by people: `query_id`, `doc_id`, `grade` (0 is not relevant).

    They never train: the laws refuse any part outside `evaluators` that takes this table.
    """

    schema: ClassVar[pa.Schema] = pa.schema([
        pa.field("query_id", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("grade", pa.int32(), nullable=False),
    ])
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id")
