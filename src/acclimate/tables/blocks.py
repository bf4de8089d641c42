"""Blocks: work on Arrow tables of any size, a stretch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BLOCK = 65_536
"""Rows that are hashed, written or taken together: bounds memory, whatever the table's size."""


def blocks(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows in stretches of equal length, so that the chunks in memory do not show."""
    for start in range(0, rows.num_rows, BLOCK):
        yield rows.slice(start, BLOCK)


def bytes_of(column: pa.ChunkedArray) -> Iterator[Any]:
    """What a block's column says: which values are there, how long they are, what they are."""
    present = [a.is_valid().to_numpy(zero_copy_only=False) for a in column.chunks]
    yield np.packbits(np.concatenate(present or [np.empty(0, dtype=bool)])).tobytes()
    if not pa.types.is_string(column.type):
        zero = pa.scalar(0).cast(column.type)
        for array in column.chunks:
            yield array.fill_null(zero).to_numpy(zero_copy_only=False).tobytes()
        return
    filled = [array.fill_null("") for array in column.chunks]
    offsets = [
        np.frombuffer(a.buffers()[1], dtype=np.int32)[a.offset : a.offset + len(a) + 1]
        for a in filled
        if len(a)
    ]
    yield from (np.diff(o).tobytes() for o in offsets)
    for array, ends in zip((a for a in filled if len(a)), offsets, strict=True):
        yield memoryview(array.buffers()[2] or b"")[ends[0] : ends[-1]]


def take_rows(rows: pa.Table, indices: np.ndarray[Any, Any]) -> pa.Table:
    """Rows by position, a stretch at a time.

    Arrow's own `take` first copies a chunked column as a whole, which reads a memory-mapped
    corpus entirely and overflows at 2 GiB of text.
    """
    batches = rows.to_batches()
    if len(indices) == 0 or len(batches) < 2:
        return rows.take(pa.array(indices))
    starts = np.cumsum([0] + [len(b) for b in batches[:-1]])
    row_bytes = max(rows.nbytes // len(rows), 1)
    step = int(np.clip(2**29 // row_bytes, 1, BLOCK))
    return pa.concat_tables(
        [
            _take_some(batches, starts, indices[at : at + step])
            for at in range(0, len(indices), step)
        ]
    ).replace_schema_metadata(rows.schema.metadata)


def _take_some(
    batches: list[pa.RecordBatch], starts: np.ndarray[Any, Any], indices: np.ndarray[Any, Any]
) -> pa.Table:
    where = np.searchsorted(starts, indices, side="right") - 1
    order = np.argsort(where, kind="stable")
    used, first = np.unique(where[order], return_index=True)
    found = pa.Table.from_batches(
        [
            batches[batch].take(pa.array(rows - starts[batch]))
            for batch, rows in zip(used, np.split(indices[order], first[1:]), strict=True)
        ]
    )
    return found if np.all(order[:-1] < order[1:]) else found.take(pa.array(np.argsort(order)))


def all_distinct(rows: pa.Table) -> bool:
    """Whether no two rows are equal: their values as numbers, sorted: faster than a group-by."""
    if rows.num_rows < 2:
        return True
    if rows.num_columns == 1:
        return bool(pc.count_distinct(rows.column(0), mode="all").as_py() == rows.num_rows)
    keys, size = np.zeros(rows.num_rows, dtype=np.int64), 1
    for column in rows.columns:
        chunks = column.dictionary_encode().chunks  # one dictionary for all of them
        codes = np.concatenate([chunk.indices.to_numpy() for chunk in chunks])
        count = int(codes.max()) + 1
        if size * count >= 2**63:  # number the combinations so far anew, from 0
            keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
            size = int(keys.max()) + 1
        keys, size = keys * count + codes, size * count
    keys.sort()
    return not bool(np.any(keys[1:] == keys[:-1]))
