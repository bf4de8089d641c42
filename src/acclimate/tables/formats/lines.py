"""Bytes to text: compressed or not, whatever the encoding, line by line.

A line ends at a line feed and nowhere else: U+2028, U+0085 and other separators that
`str.splitlines` cuts at belong to the text.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from acclimate.errors import TableError
from acclimate.tables.formats.record import Origin
from acclimate.tables.intake import Tally

NOT_WESTERN = re.compile(rb"[\x80-\xff]{4}")
"""Four bytes above ASCII in a row: hardly any word of a Western single-byte encoding has them."""


@contextmanager
def opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked when its name ends in .gz.

    Raises:
        TableError: when the file cannot be read or is not whole.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield cast(IO[bytes], file)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise TableError(
            f"{name} is not a whole gzip file: {error}. Fetch or pack it again, "
            "or drop .gz from its name if it is not compressed."
        ) from error
    except OSError as error:
        raise TableError(f"{name} cannot be read: {error.strerror or error}.") from error


def read_lines(path: Path, origin: Origin, tally: Tally) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers from 1, line ends kept off."""
    with opened(path, origin.name) as file:
        first = file.read(2)
        file.seek(0)
        if first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            yield from _utf16_lines(file, origin)
            return
        for number, line in enumerate(file, start=1):
            data = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            yield number, decode(data.rstrip(b"\r\n"), origin, number, tally)


def read_text(path: Path, origin: Origin, tally: Tally) -> str:
    """A whole text file, its line ends as line feeds."""
    with opened(path, origin.name) as file:
        data = file.read()
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _undecodable(origin, 0, f"begins as UTF-16, but {error}") from error
    else:
        text = decode(data.removeprefix(codecs.BOM_UTF8), origin, 0, tally)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(data: bytes, origin: Origin, number: int, tally: Tally) -> str:
    """UTF-8, or else Windows-1252 where that is plausible, which is counted.

    Raises:
        TableError: when the bytes are neither.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        where, why = error.start, error.reason
    if b"\x00" in data:
        raise _undecodable(
            origin, number, "has zero bytes: it is UTF-16 without a mark, or no text at all"
        )
    if NOT_WESTERN.search(data):
        raise _undecodable(
            origin, number, f"is not UTF-8 (byte {data[where]:#04x} at offset {where}: {why})"
        )
    tally.count("not UTF-8: read as Windows-1252", origin.place(number))
    return data.decode("cp1252", "replace")


def _utf16_lines(file: IO[bytes], origin: Origin) -> Iterator[tuple[int, str]]:
    reader = codecs.getreader("utf-16")(file)
    try:
        text = reader.read()
    except UnicodeDecodeError as error:
        raise _undecodable(origin, 0, f"begins as UTF-16, but {error}") from error
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        yield number, line.rstrip("\r")


def _undecodable(origin: Origin, number: int, what: str) -> TableError:
    return TableError(
        f"{origin.place(number)} {what}. Convert the file: "
        f"iconv -f ITS_ENCODING -t UTF-8 {origin.name} > fixed"
    )
