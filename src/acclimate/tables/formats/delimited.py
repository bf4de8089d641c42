"""CSV and TSV, with the quotes and delimiters people really use."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from acclimate.errors import TableError
from acclimate.tables.formats.fields import is_known
from acclimate.tables.formats.lines import read_lines
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.intake import Tally

HEADERLESS = {2: ("id", "text"), 3: ("id", "title", "text")}
PROBED = 10_000


def read_csv(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """Comma, semicolon or bar between values; the header says which."""
    origin = Origin(name)
    first = next((line for _, line in read_lines(path, origin, Tally())), "")
    delimiter = max(",;|\t", key=first.count)
    yield from _rows(path, origin, tally, {"delimiter": delimiter, "strict": True})


def read_tsv(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """Tabs between values. Quotes are quotes only if the whole beginning reads that way."""
    origin = Origin(name)
    quoted: dict[str, Any] = {"delimiter": "\t", "strict": True}
    plain: dict[str, Any] = {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    yield from _rows(path, origin, tally, quoted if _is_quoted(path, origin) else plain)


def _rows(path: Path, origin: Origin, tally: Tally, dialect: dict[str, Any]) -> Iterator[Record]:
    rows = _parsed(path, origin, tally, dialect)
    _, header = next(rows, (0, []))
    if header and _is_data(header, dialect["delimiter"]):
        tally.count(
            f"no header: columns read as {', '.join(HEADERLESS[len(header)])}", origin.place(1)
        )
        names: Sequence[str] = HEADERLESS[len(header)]
        yield Record(dict(zip(names, header, strict=True)), origin, 1)
    else:
        names = [column.strip() for column in header]
        _no_twins(names, origin)
    for number, values in rows:
        if len(values) != len(names):
            raise TableError(
                f"{origin.place(number)}: {len(values)} values where there are {len(names)} "
                f"columns ({', '.join(names)}). Quote values that contain "
                f"{dialect['delimiter']!r} or line ends."
            )
        yield Record(dict(zip(names, values, strict=True)), origin, number)


def _parsed(
    path: Path, origin: Origin, tally: Tally, dialect: dict[str, Any]
) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line they begin at."""
    lines = (line + "\n" for _, line in read_lines(path, origin, tally))
    reader = csv.reader(lines, **dialect)
    while True:
        start = reader.line_num + 1
        try:
            with _long_values():
                row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(
                f"{origin.place(start)}: not valid {origin.name.rsplit('.')[-1]} "
                f"({error}). A quote inside a quoted value must be doubled, and "
                "each opened quote closed."
            ) from error
        if row:
            yield start, row


def _is_quoted(path: Path, origin: Origin) -> bool:
    rows = _parsed(path, origin, Tally(), {"delimiter": "\t", "strict": True})
    try:
        return len({len(row) for _, row in islice(rows, PROBED)}) <= 1
    except TableError:
        return False


def _is_data(header: Sequence[str], delimiter: str) -> bool:
    """Whether a first line without any known column name is a row already (MS MARCO's files)."""
    return (
        delimiter == "\t"
        and len(header) in HEADERLESS
        and " " in header[-1].strip()
        and not any(is_known(column) for column in header)
    )


def _no_twins(names: Sequence[str], origin: Origin) -> None:
    twins = [name for name in names if names.count(name) > 1]
    if twins:
        raise TableError(
            f"{origin.place(1)}: the column {twins[0]!r} is there "
            f"{names.count(twins[0])} times. Rename or remove one."
        )


@contextmanager
def _long_values() -> Iterator[None]:
    """Python refuses values over 128 KiB unless told otherwise, for the whole process."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)
