"""TREC: SGML documents, judgements of four columns, runs of six."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from acclimate.errors import TableError
from acclimate.tables.formats.lines import opened, read_lines
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.intake import Tally

START = re.compile(r"<doc\b[^>]*>", re.IGNORECASE)
END = re.compile(r"</doc>", re.IGNORECASE)
ID = re.compile(r"<docno>(.*?)</docno>", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(r"<(title|headline|head|hl|h3)>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.IGNORECASE | re.DOTALL)
OTHER = re.compile(
    r"<(docid|docno|dochdr|fileid|date|author|bib)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL
)
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


def is_trec(path: Path) -> bool:
    """Whether a file begins as TREC documents do."""
    with opened(path, path.name) as file:
        return bool(START.match(file.read(200).decode("latin-1").lstrip("\ufeffï»¿ \t\r\n")))


def read_trec(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """The documents between <DOC> and </DOC>."""
    origin = Origin(name)
    begun, lines = 0, []
    for number, line in read_lines(path, origin, tally):
        if START.search(line):
            if begun:
                raise _open_end(origin, begun)
            begun, lines = number, [line[START.search(line).end() :]]  # type: ignore[union-attr]
        elif begun:
            lines.append(line)
        if begun and END.search(line):
            yield Record(_document("\n".join(lines), origin, begun), origin, begun)
            begun = 0
    if begun:
        raise _open_end(origin, begun)


def read_columns(path: Path, name: str, names: tuple[str, ...], tally: Tally) -> Iterator[Record]:
    """Lines of values between blanks: qrels of four columns, runs of six."""
    origin = Origin(name)
    for number, line in read_lines(path, origin, tally):
        values = line.split()
        if values and len(values) != len(names):
            raise TableError(
                f"{origin.place(number)}: {len(values)} values; a line of this kind "
                f"has {len(names)}: {' '.join(names)}."
            )
        if values:
            yield Record(dict(zip(names, values, strict=True)), origin, number)


def _document(inside: str, origin: Origin, number: int) -> dict[str, str]:
    found = ID.search(inside)
    if not found or not found[1].strip():
        raise TableError(f"{origin.place(number)}: the document has no <DOCNO>. Each needs one.")
    title = TITLE.search(inside)
    texts = TEXT.findall(inside)
    if not texts:
        texts = [OTHER.sub(" ", TITLE.sub(" ", inside, count=1) if title else inside)]
    return {
        "id": found[1].strip(),
        "title": _plain(title[2]) if title else "",
        "text": "\n".join(_plain(text) for text in texts).strip(),
    }


def _plain(markup: str) -> str:
    return html.unescape(TAG.sub(" ", END.sub("", markup))).strip()


def _open_end(origin: Origin, number: int) -> TableError:
    return TableError(
        f"{origin.place(number)}: the <DOC> that begins here has no </DOC>. "
        "Close it, or fetch the file again if it was cut off."
    )
