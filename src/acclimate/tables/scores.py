"""Scores: what an evaluator measured, per query."""

from typing import ClassVar

import pyarrow as pa

from acclimate.tables.table import Table


class Scores(Table):
    """Measured values.

    Columns: `system`, who ranked; `measure`, as ir-measures prints it; `query_id`; `value`.
    """

    schema: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("system", pa.string(), nullable=False),
            pa.field("measure", pa.string(), nullable=False),
            pa.field("query_id", pa.string(), nullable=False),
            pa.field("value", pa.float64(), nullable=False),
        ]
    )
    key: ClassVar[tuple[str, ...]] = ("system", "measure", "query_id")
