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

FOUR_HIGH = re.compile(rb"[\x80-\xff]{4}")
"""Four bytes above ASCII in a row: hardly any word of a Western single-byte encoding has them."""
ASCII = bytes(range(128))


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
            for number, text in enumerate(
                _utf16(file, origin, tally).removesuffix("\n").split("\n"), 1
            ):
                yield number, text.removesuffix("\r")
            return
        for number, line in enumerate(file, start=1):
            data = _unmarked(line, origin, tally) if number == 1 else line
            yield number, decode(data.rstrip(b"\r\n"), origin, number, tally)


def read_text(path: Path, origin: Origin, tally: Tally) -> str:
    """A whole text file, its line ends as line feeds."""
    with opened(path, origin.name) as file:
        first = file.read(2)
        file.seek(0)
        if first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            text = _utf16(file, origin, tally)
        else:
            text = decode(_unmarked(file.read(), origin, tally), origin, 0, tally)
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
    if not _is_western(data):
        raise _undecodable(
            origin, number, f"is not UTF-8 (byte {data[where]:#04x} at offset {where}: {why})"
        )
    tally.count("not UTF-8: read as Windows-1252", origin.place(number))
    return data.decode("cp1252", "replace")


def _unmarked(data: bytes, origin: Origin, tally: Tally) -> bytes:
    if data.startswith(codecs.BOM_UTF8):
        tally.count("byte order mark: removed", origin.name)
    return data.removeprefix(codecs.BOM_UTF8)


def _is_western(data: bytes) -> bool:
    """Whether so few bytes are above ASCII, and so far apart, that they may be accents."""
    high = len(data.translate(None, ASCII))
    return not FOUR_HIGH.search(data) and (high < 4 or high <= len(data) / 2)


def _utf16(file: IO[bytes], origin: Origin, tally: Tally) -> str:
    tally.count("not UTF-8: read as UTF-16", origin.name)
    try:
        return file.read().decode("utf-16")
    except UnicodeDecodeError as error:
        what = f"begins as UTF-16, but is none ({error.reason})"
        raise _undecodable(origin, 0, what) from error


def _undecodable(origin: Origin, number: int, what: str) -> TableError:
    return TableError(
        f"{origin.place(number)} {what}. Convert the file: "
        f"iconv -f ITS_ENCODING -t UTF-8 {origin.name} > fixed"
    )
