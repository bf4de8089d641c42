"""Parquet and Arrow files (.parquet, .arrow, .feather)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from acclimate.errors import TableError
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.intake import Tally

ROWS = 4_096


def read_parquet(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """Rows of a Parquet file, a batch in memory at a time."""
    del tally
    try:
        with pq.ParquetFile(path) as file:
            yield from _records(file.iter_batches(ROWS), Origin(name, "row"))
    except (OSError, pa.ArrowException) as error:
        raise TableError(f"{name} is not a whole Parquet file: {error}") from error


def read_arrow(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """Rows of an Arrow IPC file or stream (Feather 2 and `datasets` write these)."""
    del tally
    try:
        with pa.memory_map(str(path)) as source:
            whole = source.read(6) == b"ARROW1"
            source.seek(0)
            if whole:
                file = pa.ipc.open_file(source)
                batches = (file.get_batch(i) for i in range(file.num_record_batches))
            else:
                batches = iter(pa.ipc.open_stream(source))
            yield from _records(batches, Origin(name, "row"))
    except (OSError, pa.ArrowException) as error:
        raise TableError(f"{name} is not a whole Arrow file: {error}") from error


def _records(batches: Iterator[pa.RecordBatch], origin: Origin) -> Iterator[Record]:
    number = 0
    for batch in batches:
        for at in range(0, batch.num_rows, ROWS):
            for fields in batch.slice(at, ROWS).to_pylist():
                number += 1
                yield Record(fields, origin, number)
