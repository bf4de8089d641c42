"""Table: an immutable Arrow table with a fixed schema, a key and references."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from acclimate.errors import TableError, near_miss
from acclimate.tables.blocks import all_distinct, blocks, bytes_of, take_rows
from acclimate.tables.intake import METADATA_KEY, Intake


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Rows with a fixed schema. Subclasses say which columns there are, and nothing else does.

    Args:
        rows: an Arrow table; columns may come in any order, absent nullable ones become null.

    Raises:
        TableError: when a column is unknown, missing, of another type, null where a value is
            due, or when two rows share a key.
    """

    rows: pa.Table
    schema: ClassVar[pa.Schema]
    key: ClassVar[tuple[str, ...]]
    refers: ClassVar[Mapping[str, type[Table]]] = {}

    def __post_init__(self) -> None:
        """Bring the rows into the schema, or say which column and row cannot be."""
        object.__setattr__(self, "rows", _conform(type(self), self.rows))

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """A table from dicts, one per row."""
        dicts = list(rows)
        known = [f.name for f in cls.schema]
        for row in dicts:
            for name in row.keys() - set(known):
                raise TableError(f"{cls.__name__} has no column {name!r}.{near_miss(name, known)}")
        return cls.columns(**{n: [r.get(n) for r in dicts] for n in known})

    @classmethod
    def columns(cls, **columns: Any) -> Self:
        """A table from whole columns (sequences or arrays of one length)."""
        arrays = {}
        for name, values in columns.items():
            if name not in cls.schema.names:
                hint = near_miss(name, cls.schema.names)
                raise TableError(f"{cls.__name__} has no column {name!r}.{hint}")
            arrays[name] = _array(cls, name, values)
        return cls(pa.table(arrays))

    @classmethod
    def empty(cls) -> Self:
        """A table without rows."""
        return cls(cls.schema.empty_table())

    @classmethod
    def joined(cls, tables: Iterable[Self]) -> Self:
        """The rows of several tables, one after the other."""
        parts = [t.rows.replace_schema_metadata(None) for t in tables]
        return cls(pa.concat_tables(parts)) if parts else cls.empty()

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def __getitem__(self, column: str) -> list[Any]:
        """One column as a list of Python values."""
        return list(self.rows.column(column).to_pylist())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self):,} rows)"

    def array(self, column: str) -> np.ndarray[Any, Any]:
        """One column as a NumPy array (strings become objects)."""
        array: np.ndarray[Any, Any] = self.rows.column(column).to_numpy()
        return array

    def dicts(self) -> list[dict[str, Any]]:
        """All rows as dicts; for small tables and displays."""
        return list(self.rows.to_pylist())

    def take(self, indices: Sequence[int] | np.ndarray[Any, Any]) -> Self:
        """The rows at these positions, in this order."""
        chosen = np.asarray(indices, dtype=np.int64)
        if len(chosen) and not -1 < chosen.min() <= chosen.max() < len(self):
            raise TableError(
                f"Rows {chosen.min()} to {chosen.max()} of {self!r} were asked for; "
                f"there are rows 0 to {len(self) - 1}."
            )
        if len(np.unique(chosen)) < len(chosen):
            return type(self)(take_rows(self.rows, chosen))  # says which key is there twice
        return self._subset(take_rows(self.rows, chosen))

    def keep(self, mask: Sequence[bool] | np.ndarray[Any, Any]) -> Self:
        """The rows where `mask` is true, order kept."""
        return self._subset(self.rows.filter(pa.array(np.asarray(mask, dtype=bool))))

    def head(self, count: int) -> Self:
        """The first rows."""
        return self._subset(self.rows.slice(0, max(count, 0)))

    def where(self, column: str, values: Iterable[Any]) -> Self:
        """The rows whose `column` is one of `values`, order kept."""
        if column not in self.schema.names:
            hint = near_miss(column, self.schema.names)
            raise TableError(f"{type(self).__name__} has no column {column!r}.{hint}")
        wanted = pa.array(list(dict.fromkeys(values)), type=self.schema.field(column).type)
        mask = pc.is_in(self.rows.column(column), value_set=wanted)
        return self._subset(self.rows.filter(mask))

    def following(self, parent: Table) -> Self:
        """The rows whose reference into `parent` is still there."""
        kept = self
        for column, kind in self.refers.items():
            if kind is type(parent):
                there = pc.is_in(kept.rows.column(column), value_set=_ids(parent))
                mask = pc.or_(there, pc.is_null(kept.rows.column(column)))
                kept = kept._subset(kept.rows.filter(mask))
        return kept

    @property
    def intake(self) -> Intake:
        """What reading the source kept, skipped and repaired; empty for a table made in memory."""
        saved = (self.rows.schema.metadata or {}).get(METADATA_KEY)
        return Intake.from_bytes(saved) if saved else Intake(read=len(self), kept=len(self))

    def with_intake(self, intake: Intake) -> Self:
        """The same rows, which remember how they came in; `write` and `open` keep it."""
        metadata = {**(self.rows.schema.metadata or {}), METADATA_KEY: intake.to_bytes()}
        return self._subset(self.rows.replace_schema_metadata(metadata))

    @cached_property
    def position(self) -> dict[Any, int]:
        """Where each row is, by its key (the first key column when there are several)."""
        return {value: row for row, value in enumerate(self[self.key[0]])}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: equal for equal rows, whatever their chunks in memory."""
        digest = hashlib.sha256(f"{self.schema.names} {len(self)}".encode())
        for block in blocks(self.rows):
            for column in block.columns:
                for part in bytes_of(column):
                    digest.update(part)
        return digest.hexdigest()

    def write(self, path: str | Path) -> None:
        """Write an Arrow IPC file, atomically: it is whole or not there."""
        path = Path(path)
        part = path.with_name(path.name + f".{os.getpid()}.part")
        try:
            with (
                pa.OSFile(str(part), "wb") as sink,
                pa.ipc.new_file(sink, self.rows.schema) as writer,
            ):
                for block in blocks(self.rows):
                    writer.write_table(block.combine_chunks())
            part.replace(path)
        except OSError as error:
            raise TableError(f"Cannot write {path}: {error}") from error
        finally:
            part.unlink(missing_ok=True)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Memory-map an Arrow IPC file written by `write`: rows are read when they are used."""
        try:
            with pa.memory_map(str(path)) as source:
                rows = pa.ipc.open_file(source).read_all()
        except (OSError, pa.ArrowInvalid) as error:
            raise TableError(f"{path} is not a table of this program: {error}") from error
        # What `write` wrote was checked when it was made; a whole new check would read it all.
        return cls._trusted(rows) if rows.schema.equals(cls.schema) else cls(rows)

    def _subset(self, rows: pa.Table) -> Self:
        return self._trusted(rows)

    @classmethod
    def _trusted(cls, rows: pa.Table) -> Self:
        """A table of rows that are known to fit: nothing is checked again."""
        table = object.__new__(cls)
        object.__setattr__(table, "rows", rows)
        return table


def _ids(table: Table) -> pa.Array:
    return table.rows.column(table.key[0]).combine_chunks()


def _array(cls: type[Table], name: str, values: Any) -> pa.Array:
    field = cls.schema.field(name)
    try:
        if isinstance(values, (pa.Array, pa.ChunkedArray)):
            return values.cast(field.type)
        if isinstance(values, np.ndarray) and values.dtype != object:
            return pa.array(values).cast(field.type)
        if pa.types.is_string(field.type):  # ids may come as integers
            values = [v if v is None or isinstance(v, str) else str(v) for v in values]
        return pa.array(values, type=field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TableError(f"{cls.__name__}.{name} must be {field.type}: {error}") from error


def _conform(cls: type[Table], rows: pa.Table) -> pa.Table:
    arrays = []
    for field in cls.schema:
        if field.name in rows.column_names:
            arrays.append(_array(cls, field.name, rows.column(field.name)))
        elif field.nullable:
            arrays.append(pa.nulls(rows.num_rows, field.type))
        else:
            raise TableError(
                f"{cls.__name__} needs the column {field.name!r}; "
                f"there is {', '.join(rows.column_names) or 'nothing'}."
            )
    table = pa.Table.from_arrays(arrays, schema=cls.schema.with_metadata(rows.schema.metadata))
    for field in cls.schema:
        if not field.nullable and table.column(field.name).null_count:
            row = pc.index(pc.is_null(table.column(field.name)), value=True).as_py()
            raise TableError(f"{cls.__name__}: row {row} has no {field.name}.")
    _check_key(cls, table)
    return table


def _check_key(cls: type[Table], table: pa.Table) -> None:
    keys = table.select(list(cls.key))
    if all_distinct(keys):
        return
    counts = keys.group_by(list(cls.key)).aggregate([([], "count_all")])
    twice = counts.filter(pc.greater(counts.column("count_all"), 1)).slice(0, 1).to_pylist()[0]
    what = ", ".join(f"{k}={twice[k]!r}" for k in cls.key)
    raise TableError(
        f"{cls.__name__}: {what} is there {twice['count_all']} times; "
        f"each {' + '.join(cls.key)} must be unique."
    )
