"""Labels: what a teacher says of a query and a document."""

from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa

from acclimate.tables.corpus import Corpus
from acclimate.tables.queries import Queries
from acclimate.tables.table import Table


class Labels(Table):
    """Pseudo-labels.

    Columns: `query_id`; `doc_id`; `value` in the teacher's own units, higher is more relevant;
    `teacher`, who says so ("human" for labels a user brings).
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("doc_id", pa.string(), nullable=False),
            pa.field("value", pa.float32(), nullable=False),
            pa.field("teacher", pa.string(), nullable=False),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("query_id", "doc_id", "teacher")
    refers: ClassVar[Mapping[str, type[Table]]] = {"query_id": Queries, "doc_id": Corpus}
